using System.Text;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Dbre.Lab.Services.SecretsManager;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Conformance;

/// <summary>The same calls to our KMS and Secrets Manager and to moto's: the same shapes, and the same error codes.</summary>
[Collection(nameof(Moto))]
public sealed class KeysAndSecretsConformanceTests(Moto moto)
{
    [MotoFact]
    public async Task Calls_about_keys_answer_as_moto_does()
    {
        using var ours = new AmazonKeyManagementServiceClient(EmulatedCloud.Operator, new EmulatedCloud().Config<AmazonKeyManagementServiceConfig>());
        using var theirs = new AmazonKeyManagementServiceClient(EmulatedCloud.Operator, moto.Config<AmazonKeyManagementServiceConfig>());
        (await Keys(ours)).ShouldBe(await Keys(theirs));
    }

    [MotoFact]
    public async Task Calls_about_secrets_answer_as_moto_does()
    {
        var cloud = new EmulatedCloud().With(world => new SecretsManagerService(world));
        using var ours = new AmazonSecretsManagerClient(EmulatedCloud.Operator, cloud.Config<AmazonSecretsManagerConfig>());
        using var theirs = new AmazonSecretsManagerClient(EmulatedCloud.Operator, moto.Config<AmazonSecretsManagerConfig>());
        (await Secrets(ours)).ShouldBe(await Secrets(theirs));
    }

    private static async Task<IReadOnlyList<string>> Keys(AmazonKeyManagementServiceClient kms)
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest { Description = "conformance" })).KeyMetadata;
        var blob = (await kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = Bytes("secret"), EncryptionContext = new() { ["a"] = "b" } })).CiphertextBlob;
        return
        [
            $"{key.KeySpec} {key.KeyState} {key.KeyManager} {key.Origin} {key.Enabled} {key.Description}",
            await Code(() => kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/conformance", TargetKeyId = key.KeyId })),
            await Code(() => kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/conformance", TargetKeyId = key.KeyId })),
            $"{(await kms.DescribeKeyAsync("alias/conformance")).KeyMetadata.KeyId == key.KeyId}",
            Encoding.UTF8.GetString((await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = blob, EncryptionContext = new() { ["a"] = "b" } })).Plaintext.ToArray()),
            await Code(() => kms.DecryptAsync(new DecryptRequest { CiphertextBlob = blob })),
            await Code(() => kms.DescribeKeyAsync("00000000-0000-0000-0000-000000000000")),
            await Code(() => kms.DescribeKeyAsync("alias/unknown")),
            await Code(() => kms.DisableKeyAsync(new DisableKeyRequest { KeyId = key.KeyId })),
            $"{(await kms.DescribeKeyAsync(key.KeyId)).KeyMetadata.KeyState}",
            await Code(() => kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key.KeyId, PendingWindowInDays = 7 })),
            $"{(await kms.DescribeKeyAsync(key.KeyId)).KeyMetadata.KeyState}",
        ];
    }

    private static async Task<IReadOnlyList<string>> Secrets(AmazonSecretsManagerClient secrets)
    {
        const string Name = "dbre/conformance";
        var made = await secrets.CreateSecretAsync(new CreateSecretRequest { Name = Name, SecretString = "one" });
        var put = await secrets.PutSecretValueAsync(new PutSecretValueRequest { SecretId = Name, SecretString = "two" });
        return
        [
            made.ARN[^6..].All(char.IsAsciiLetterOrDigit) ? made.ARN[..^6].Split(':')[5..].Aggregate((a, b) => a + ":" + b) : made.ARN,
            string.Join(",", put.VersionStages),
            (await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = Name })).SecretString,
            (await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = Name, VersionStage = "AWSPREVIOUS" })).SecretString,
            (await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = made.ARN, VersionId = made.VersionId })).SecretString,
            await Code(() => secrets.CreateSecretAsync(new CreateSecretRequest { Name = Name, SecretString = "x" })),
            await Code(() => secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = "dbre/none" })),
            await Code(() => secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = Name, VersionStage = "AWSNONE" })),
            await Code(() => secrets.DeleteSecretAsync(new DeleteSecretRequest { SecretId = Name, RecoveryWindowInDays = 3 })),
            await Code(() => secrets.DeleteSecretAsync(new DeleteSecretRequest { SecretId = Name })),
            await Code(() => secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = Name })),
            await Code(() => secrets.DeleteSecretAsync(new DeleteSecretRequest { SecretId = Name, ForceDeleteWithoutRecovery = true })),
            await Code(() => secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = Name })),
        ];
    }

    private static async Task<string> Code(Func<Task> call)
    {
        try
        {
            await call();
            return "done";
        }
        catch (AmazonServiceException e)
        {
            return e.ErrorCode;
        }
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
