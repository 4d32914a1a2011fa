using System.Text;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Dbre.Lab.Services;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Kms;

public sealed class KmsTests : IDisposable
{
    private readonly EmulatedCloud cloud = new();
    private readonly AmazonKeyManagementServiceClient kms;

    public KmsTests() => kms = Client();

    public void Dispose() => kms.Dispose();

    [Fact]
    public async Task Decrypt_gives_back_what_was_encrypted_under_the_same_context_only()
    {
        var key = await Key();
        var sealedBlob = (await kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = Bytes("secret"), EncryptionContext = new() { ["db"] = "orders" } })).CiphertextBlob;

        var opened = await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = sealedBlob, EncryptionContext = new() { ["db"] = "orders" } });

        Encoding.UTF8.GetString(opened.Plaintext.ToArray()).ShouldBe("secret");
        opened.KeyId.ShouldBe(key.Arn);
        await Should.ThrowAsync<InvalidCiphertextException>(() => kms.DecryptAsync(new DecryptRequest { CiphertextBlob = sealedBlob }));
        var damaged = sealedBlob.ToArray();
        damaged[^1] ^= 1;
        await Should.ThrowAsync<InvalidCiphertextException>(() => kms.DecryptAsync(new DecryptRequest { CiphertextBlob = new MemoryStream(damaged), EncryptionContext = new() { ["db"] = "orders" } }));
    }

    [Fact]
    public async Task Key_of_another_region_does_not_exist_here()
    {
        var key = await Key();
        using var elsewhere = Client(region: "eu-west-1");

        await Should.ThrowAsync<NotFoundException>(() => elsewhere.DescribeKeyAsync(key.KeyId));
        await Should.ThrowAsync<NotFoundException>(() => elsewhere.DescribeKeyAsync(key.Arn));
        Keys.Resolve(EmulatedCloud.Account, "eu-west-1", key.Arn).ShouldBeNull();
        Keys.Resolve(EmulatedCloud.Account, "us-east-1", key.Arn)!.Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Disabled_key_and_one_pending_deletion_are_refused_with_their_state()
    {
        var key = await Key();
        await kms.DisableKeyAsync(new DisableKeyRequest { KeyId = key.KeyId });

        (await Should.ThrowAsync<DisabledException>(() => kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = Bytes("x") }))).Message.ShouldBe($"{key.Arn} is disabled.");
        Keys.Resolve(EmulatedCloud.Account, "us-east-1", key.KeyId)!.State.ShouldBe("Disabled");
        await kms.EnableKeyAsync(new EnableKeyRequest { KeyId = key.KeyId });
        await kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key.KeyId, PendingWindowInDays = 7 });
        (await Should.ThrowAsync<KMSInvalidStateException>(() => kms.EnableKeyAsync(new EnableKeyRequest { KeyId = key.KeyId }))).Message.ShouldBe($"{key.Arn} is pending deletion.");
        cloud.Clock.Advance(TimeSpan.FromDays(8));
        await Should.ThrowAsync<NotFoundException>(() => kms.DescribeKeyAsync(key.KeyId));
    }

    [Fact]
    public async Task Alias_means_its_key_and_the_default_keys_come_when_asked_for()
    {
        var key = await Key();
        await kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/dbre", TargetKeyId = key.KeyId });

        (await kms.DescribeKeyAsync("alias/dbre")).KeyMetadata.Arn.ShouldBe(key.Arn);
        var managed = (await kms.DescribeKeyAsync("alias/aws/rds")).KeyMetadata;
        managed.KeyManager.ShouldBe(KeyManagerType.AWS);
        (await kms.DescribeKeyAsync("arn:aws:kms:us-east-1:111111111111:alias/aws/rds")).KeyMetadata.Arn.ShouldBe(managed.Arn);
        (await Should.ThrowAsync<NotFoundException>(() => kms.DescribeKeyAsync("alias/unknown"))).Message.ShouldBe("Alias arn:aws:kms:us-east-1:111111111111:alias/unknown is not found.");
        await Should.ThrowAsync<AlreadyExistsException>(() => kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/dbre", TargetKeyId = key.KeyId }));
        (await kms.ListAliasesAsync(new ListAliasesRequest())).Aliases.Select(a => a.AliasName).ShouldBe(["alias/aws/rds", "alias/dbre"]);
    }

    [Fact]
    public async Task Key_shared_by_its_policy_is_open_to_the_other_account()
    {
        var own = await Key();
        var shared = await Key("""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"},
              {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["kms:Decrypt","kms:DescribeKey","kms:CreateGrant"],"Resource":"*"}]}
            """);
        using var other = Client(EmulatedCloud.OtherOperator);

        (await other.DescribeKeyAsync(shared.Arn)).KeyMetadata.AWSAccountId.ShouldBe("111111111111");
        (await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => other.DescribeKeyAsync(own.Arn))).ErrorCode.ShouldBe("AccessDeniedException");
        (await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => other.EncryptAsync(new EncryptRequest { KeyId = shared.Arn, Plaintext = Bytes("x") }))).ErrorCode.ShouldBe("AccessDeniedException");
        Keys.Resolve("222222222222", "us-east-1", shared.Arn)!.PolicyAllows("222222222222").ShouldBeTrue();
        Keys.Resolve("222222222222", "us-east-1", own.Arn)!.PolicyAllows("222222222222").ShouldBeFalse();
        Keys.Resolve("111111111111", "us-east-1", "alias/aws/rds")!.PolicyAllows("222222222222").ShouldBeFalse();
    }

    [Fact]
    public async Task Key_whose_policy_does_not_name_the_account_is_closed_to_its_administrators()
    {
        var key = await Key("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/keeper"},"Action":"kms:*","Resource":"*"}}""");

        (await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => kms.DescribeKeyAsync(key.Arn))).Message
            .ShouldEndWith("because no resource-based policy allows the kms:DescribeKey action");
    }

    [Fact]
    public async Task GenerateDataKey_gives_a_key_and_its_sealed_form()
    {
        var key = await Key();

        var data = await kms.GenerateDataKeyAsync(new GenerateDataKeyRequest { KeyId = key.KeyId, KeySpec = DataKeySpec.AES_256 });

        data.Plaintext.Length.ShouldBe(32);
        (await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = data.CiphertextBlob })).Plaintext.ToArray().ShouldBe(data.Plaintext.ToArray());
    }

    private IKeys Keys => cloud.World.Service<IKeys>();

    private AmazonKeyManagementServiceClient Client(AWSCredentials? credentials = null, string region = "us-east-1") =>
        new(credentials ?? EmulatedCloud.Operator, cloud.Config<AmazonKeyManagementServiceConfig>(region));

    private async Task<KeyMetadata> Key(string? policy = null) => (await kms.CreateKeyAsync(new CreateKeyRequest { Policy = policy })).KeyMetadata;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
