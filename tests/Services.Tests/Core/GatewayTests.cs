using System.Text;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Dbre.Lab.Services;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Core;

public sealed class GatewayTests
{
    private readonly EmulatedCloud cloud = new();

    [Fact]
    public async Task Handle_signed_by_the_sdk_finds_account_and_principal()
    {
        var identity = await Sts(EmulatedCloud.OtherOperator).GetCallerIdentityAsync(new GetCallerIdentityRequest());

        identity.Account.ShouldBe("222222222222");
        identity.Arn.ShouldBe("arn:aws:iam::222222222222:user/lab2");
        cloud.Calls.ShouldBe([new ObservedCall("sts", "GetCallerIdentity", identity.Arn, "222222222222", "us-east-1", null)]);
    }

    [Theory]
    [InlineData("lab", "wrong", "SignatureDoesNotMatch")]
    [InlineData("nobody", "lab", "InvalidClientTokenId")]
    public async Task Handle_with_wrong_credentials_is_refused_in_the_words_of_query(string key, string secret, string code)
    {
        var refusal = await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
            () => Sts(new BasicAWSCredentials(key, secret)).GetCallerIdentityAsync(new GetCallerIdentityRequest()));

        refusal.ErrorCode.ShouldBe(code);
        ((int)refusal.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task Handle_with_expired_session_is_refused()
    {
        var session = cloud.Role("worker", EmulatedCloud.Allow("kms:ListKeys", "*"));
        cloud.Clock.Advance(TimeSpan.FromMinutes(61));

        (await Should.ThrowAsync<AmazonSecurityTokenServiceException>(() => Sts(session).GetCallerIdentityAsync(new GetCallerIdentityRequest())))
            .ErrorCode.ShouldBe("ExpiredToken");
    }

    [Fact]
    public async Task Handle_session_without_its_token_is_refused()
    {
        var session = cloud.Role("worker", EmulatedCloud.Allow("kms:ListKeys", "*")).GetCredentials();

        (await Should.ThrowAsync<AmazonKeyManagementServiceException>(
            () => Kms(new BasicAWSCredentials(session.AccessKey, session.SecretKey)).ListKeysAsync(new ListKeysRequest()))).ErrorCode.ShouldBe("UnrecognizedClientException");
    }

    [Fact]
    public async Task Handle_operation_that_is_not_emulated_is_refused_by_name()
    {
        var refusal = await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => Kms(EmulatedCloud.Operator).CreateGrantAsync(
            new CreateGrantRequest { KeyId = "alias/aws/rds", GranteePrincipal = "arn:aws:iam::111111111111:root", Operations = ["Decrypt"] }));

        refusal.Message.ShouldBe("The lab does not emulate the operation CreateGrant of kms.");
        cloud.Calls.ShouldHaveSingleItem().Error.ShouldBe("UnknownOperationException");
    }

    [Fact]
    public async Task Handle_service_that_is_not_emulated_is_refused_by_name()
    {
        using var dynamo = new AmazonDynamoDBClient(EmulatedCloud.Operator, cloud.Config<AmazonDynamoDBConfig>());

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => dynamo.ListTablesAsync())).Message
            .ShouldBe("The lab does not emulate the service 'dynamodb'; it emulates: kms, sts.");
    }

    [Fact]
    public async Task Handle_unsigned_request_is_refused()
    {
        var answer = await cloud.Gateway.Handle(new("POST", "/", "", new Dictionary<string, string>(), default));

        answer.Status.ShouldBe(400);
        Encoding.UTF8.GetString(answer.Body.Span).ShouldContain("MissingAuthenticationToken");
    }

    [Fact]
    public async Task Handle_fault_of_the_lab_is_a_500_that_names_it()
    {
        cloud.With(world => new Faulty(world));
        using var dynamo = new AmazonDynamoDBClient(EmulatedCloud.Operator, cloud.Config<AmazonDynamoDBConfig>());

        var fault = await Should.ThrowAsync<AmazonServiceException>(() => dynamo.ListTablesAsync());

        ((int)fault.StatusCode).ShouldBe(500);
        fault.Message.ShouldBe("InvalidOperationException: the tree fell over");
        cloud.Faults.ShouldHaveSingleItem();
    }

    private AmazonSecurityTokenServiceClient Sts(AWSCredentials credentials) => new(credentials, cloud.Config<AmazonSecurityTokenServiceConfig>());

    private AmazonKeyManagementServiceClient Kms(AWSCredentials credentials) => new(credentials, cloud.Config<AmazonKeyManagementServiceConfig>());

    private sealed class Faulty : EmulatedService
    {
        public Faulty(World world) : base("dynamodb", world) =>
            On<Amazon.DynamoDBv2.Model.ListTablesRequest, Amazon.DynamoDBv2.Model.ListTablesResponse>(
                (_, _) => throw new InvalidOperationException("the tree fell over"));
    }
}
