using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Dbre.Lab.Services.SecretsManager;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.SecretsManager;

public sealed class SecretsManagerTests : IDisposable
{
    private const string Name = "dbre/prover/orders";
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new SecretsManagerService(world));
    private readonly AmazonSecretsManagerClient secrets;

    public SecretsManagerTests() => secrets = Client(EmulatedCloud.Operator);

    public void Dispose() => secrets.Dispose();

    [Fact]
    public async Task GetSecretValue_finds_the_secret_by_name_and_by_ARN_with_or_without_its_suffix()
    {
        var made = await Create("one");

        made.ARN.ShouldMatch("^arn:aws:secretsmanager:us-east-1:111111111111:secret:dbre/prover/orders-[A-Za-z0-9]{6}$");
        (await Value(Name)).ShouldBe("one");
        (await Value(made.ARN)).ShouldBe("one");
        (await Value(made.ARN[..^7])).ShouldBe("one");
        (await Should.ThrowAsync<ResourceNotFoundException>(() => Value("dbre/prover/none"))).Message.ShouldBe("Secrets Manager can't find the specified secret.");
    }

    [Fact]
    public async Task PutSecretValue_moves_the_stages()
    {
        var first = (await Create("one")).VersionId;
        var second = (await secrets.PutSecretValueAsync(new() { SecretId = Name, SecretString = "two" })).VersionId;
        var pending = (await secrets.PutSecretValueAsync(new() { SecretId = Name, SecretString = "three", VersionStages = ["AWSPENDING"] })).VersionId;

        (await Value(Name)).ShouldBe("two");
        (await secrets.GetSecretValueAsync(new() { SecretId = Name, VersionStage = "AWSPREVIOUS" })).SecretString.ShouldBe("one");
        (await secrets.GetSecretValueAsync(new() { SecretId = Name, VersionId = pending })).SecretString.ShouldBe("three");
        (await secrets.DescribeSecretAsync(new() { SecretId = Name })).VersionIdsToStages.OrderBy(v => v.Value[0]).Select(v => (v.Key, v.Value.Single()))
            .ShouldBe([(second, "AWSCURRENT"), (pending, "AWSPENDING"), (first, "AWSPREVIOUS")]);
    }

    [Fact]
    public async Task PutSecretValue_with_the_same_token_is_done_once()
    {
        await Create("one");
        var put = new PutSecretValueRequest { SecretId = Name, SecretString = "two", ClientRequestToken = new string('t', 32) };

        await secrets.PutSecretValueAsync(put);
        await secrets.PutSecretValueAsync(put);

        put.SecretString = "other";
        await Should.ThrowAsync<ResourceExistsException>(() => secrets.PutSecretValueAsync(put));
        (await Value(Name)).ShouldBe("two");
    }

    [Fact]
    public async Task DeleteSecret_closes_the_secret_and_frees_the_name_when_forced_or_over()
    {
        await Create("one");
        await secrets.DeleteSecretAsync(new() { SecretId = Name, RecoveryWindowInDays = 7 });

        (await Should.ThrowAsync<InvalidRequestException>(() => Value(Name))).Message.ShouldContain("marked for deletion");
        await Should.ThrowAsync<InvalidRequestException>(() => Create("two"));
        cloud.Clock.Advance(TimeSpan.FromDays(8));
        await Should.ThrowAsync<ResourceNotFoundException>(() => Value(Name));
        await Create("two");
        await secrets.DeleteSecretAsync(new() { SecretId = Name, ForceDeleteWithoutRecovery = true });
        await Create("three");
        (await Value(Name)).ShouldBe("three");
    }

    [Fact]
    public async Task ListSecrets_filters_by_name()
    {
        await Create("one");
        await secrets.CreateSecretAsync(new() { Name = "other", SecretString = "x" });

        (await secrets.ListSecretsAsync(new() { Filters = [new() { Key = "name", Values = ["dbre/"] }] })).SecretList.Select(s => s.Name).ShouldBe([Name]);
        (await secrets.ListSecretsAsync(new())).SecretList.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:*:111111111111:secret:dbre/prover/*", true)]
    [InlineData("arn:aws:secretsmanager:*:111111111111:secret:dbre/owner/*", false)]
    public async Task GetSecretValue_asks_for_the_permission_on_the_secret(string resource, bool allowed)
    {
        await Create("one");
        using var client = Client(cloud.Role("prover", EmulatedCloud.Allow("secretsmanager:GetSecretValue", resource)));
        var get = () => client.GetSecretValueAsync(new() { SecretId = Name });

        if (allowed)
        {
            (await get()).SecretString.ShouldBe("one");
        }
        else
        {
            (await get.ShouldThrowAsync<AmazonSecretsManagerException>()).ErrorCode.ShouldBe("AccessDeniedException");
        }
    }

    private AmazonSecretsManagerClient Client(AWSCredentials credentials) => new(credentials, cloud.Config<AmazonSecretsManagerConfig>());

    private Task<CreateSecretResponse> Create(string value) => secrets.CreateSecretAsync(new CreateSecretRequest { Name = Name, SecretString = value });

    private async Task<string> Value(string id) => (await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = id })).SecretString;
}
