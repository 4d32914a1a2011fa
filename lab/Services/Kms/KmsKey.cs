using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Kms;

/// <summary>One symmetric key. States: Enabled ⇄ Disabled, either → PendingDeletion (then every use is refused; the key is gone after its window).</summary>
internal sealed class KmsKey(string id, string account, string region, bool awsManaged, PolicyDocument policy, byte[] material, DateTimeOffset created)
{
    internal string Id { get; } = id;
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal bool AwsManaged { get; } = awsManaged;
    internal byte[] Material { get; } = material;
    internal DateTimeOffset Created { get; } = created;
    internal string Arn { get; } = $"arn:aws:kms:{region}:{account}:key/{id}";
    internal PolicyDocument Policy { get; set; } = policy;
    internal string Description { get; init; } = "";
    internal SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    internal KeyState State { get; set; } = KeyState.Enabled;
    internal DateTimeOffset? DeletionAt { get; set; }

    /// <summary>Whether AWS would make new material each year; the lab lives too briefly to.</summary>
    internal bool Rotates { get; set; }

    internal KeyFact Fact => new(Arn, Account, Region, State.Value, AwsManaged, Policy);

    /// <exception cref="ServiceException">DisabledException or KMSInvalidStateException, naming the key.</exception>
    internal void RequireUsable()
    {
        if (State == KeyState.Disabled)
        {
            throw new ServiceException("DisabledException", $"{Arn} is disabled.");
        }

        RequireNotPendingDeletion();
    }

    internal void RequireNotPendingDeletion()
    {
        if (State == KeyState.PendingDeletion)
        {
            throw new ServiceException("KMSInvalidStateException", $"{Arn} is pending deletion.");
        }
    }

    internal KeyMetadata Metadata() => new()
    {
        AWSAccountId = Account,
        KeyId = Id,
        Arn = Arn,
        CreationDate = Created.UtcDateTime,
        Enabled = State == KeyState.Enabled,
        Description = Description,
        KeyUsage = KeyUsageType.ENCRYPT_DECRYPT,
        KeyState = State,
        DeletionDate = DeletionAt?.UtcDateTime,
        Origin = OriginType.AWS_KMS,
        KeyManager = AwsManaged ? KeyManagerType.AWS : KeyManagerType.CUSTOMER,
        KeySpec = KeySpec.SYMMETRIC_DEFAULT,
        EncryptionAlgorithms = ["SYMMETRIC_DEFAULT"],
        MultiRegion = false,
    };
}
