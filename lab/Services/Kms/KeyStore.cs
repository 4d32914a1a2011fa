using System.Globalization;
using Amazon.KeyManagementService;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Kms;

/// <summary>All keys and aliases of all accounts and Regions. A key is found only in its own Region.</summary>
internal sealed class KeyStore(World world)
{
    private readonly Dictionary<string, KmsKey> keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Alias> aliases = new(StringComparer.Ordinal);

    internal sealed record Alias(string Arn, string Name, string KeyArn, DateTimeOffset Created);

    internal IEnumerable<KmsKey> KeysOf(string account, string region) =>
        keys.Values.Where(k => k.Account == account && k.Region == region && !Gone(k)).OrderBy(k => k.Id, StringComparer.Ordinal);

    internal IEnumerable<Alias> AliasesOf(string account, string region)
    {
        var prefix = AliasArn(account, region, "alias/");
        return aliases.Values.Where(a => a.Arn.StartsWith(prefix, StringComparison.Ordinal));
    }

    internal KmsKey Create(string account, string region, PolicyDocument? policy, string? description, bool awsManaged)
    {
        var material = new byte[32];
        world.Chance.NextBytes(material);
        var key = new KmsKey(world.NewId(), account, region, awsManaged, policy ?? DefaultPolicy(account), material, world.Now) { Description = description ?? "" };
        keys.Add(key.Arn, key);
        return key;
    }

    /// <summary>The key that an id, ARN, alias or alias ARN means; null when there is none there.</summary>
    internal KmsKey? Find(string account, string region, string name)
    {
        string arn;
        if (Arn.TryParse(name) is { } given)
        {
            if (given.Service != "kms" || given.Region != region)
            {
                return null;
            }

            arn = given.Resource.StartsWith("alias/", StringComparison.Ordinal) ? ByAlias(given.Account, region, given.Resource) ?? "" : name;
        }
        else
        {
            arn = name.StartsWith("alias/", StringComparison.Ordinal)
                ? ByAlias(account, region, name) ?? ""
                : $"arn:aws:kms:{region}:{account}:key/{name}";
        }

        return keys.GetValueOrDefault(arn) is { } key && !Gone(key) ? key : null;
    }

    /// <exception cref="ServiceException">NotFoundException in AWS's words.</exception>
    internal KmsKey Require(string account, string region, string name) => Find(account, region, name)
        ?? throw new ServiceException("NotFoundException", NotFound(account, region, name));

    internal void AddAlias(string account, string region, string name, KmsKey key)
    {
        var arn = AliasArn(account, region, name);
        if (!aliases.TryAdd(arn, new Alias(arn, name, key.Arn, world.Now)))
        {
            throw new ServiceException("AlreadyExistsException", $"An alias with the name {arn} already exists");
        }
    }

    internal static string AliasArn(string account, string region, string name) => $"arn:aws:kms:{region}:{account}:{name}";

    private string? ByAlias(string account, string region, string name)
    {
        if (aliases.TryGetValue(AliasArn(account, region, name), out var alias))
        {
            return alias.KeyArn;
        }

        // AWS makes a service's default key when the service first needs it.
        if (!name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            return null;
        }

        var service = name["alias/aws/".Length..];
        var key = Create(account, region, null, string.Create(CultureInfo.InvariantCulture, $"Default key that protects my {service.ToUpperInvariant()} data when no other key is defined"), awsManaged: true);
        AddAlias(account, region, name, key);
        return key.Arn;
    }

    private bool Gone(KmsKey key) => key.State == KeyState.PendingDeletion && key.DeletionAt <= world.Now;

    private static string NotFound(string account, string region, string name) =>
        name.StartsWith("alias/", StringComparison.Ordinal) ? $"Alias {AliasArn(account, region, name)} is not found."
        : Arn.TryParse(name) is { } arn && arn.Region != region ? $"Invalid arn {arn.Region}"
        : $"Key '{(name.StartsWith("arn:", StringComparison.Ordinal) ? name : $"arn:aws:kms:{region}:{account}:key/{name}")}' does not exist";

    // What KMS gives a key made without a policy: the account's own IAM decides.
    private static PolicyDocument DefaultPolicy(string account) => PolicyDocument.Parse(
        $$"""{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{account}}:root"},"Action":"kms:*","Resource":"*"}]}""");
}
