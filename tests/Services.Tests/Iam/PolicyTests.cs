using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Identity;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Iam;

public sealed class PolicyTests
{
    private readonly EmulatedCloud cloud = new();

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbbcd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("arn:aws:rds:*:111111111111:snapshot:*", "arn:aws:rds:eu-west-1:111111111111:snapshot:orders-1", true)]
    [InlineData("arn:aws:rds:*:111111111111:snapshot:*", "arn:aws:rds:eu-west-1:222222222222:snapshot:orders-1", false)]
    [InlineData("*a*b*c*", "xxaxxbxxcxx", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    public void Wildcard_matches_as_IAM_does(string pattern, string text, bool matches) => Wildcard.Matches(pattern, text).ShouldBe(matches);

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":["kms:list*"],"Resource":["*"]}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"kms:ListAliases","Resource":"*"}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:aws:kms:*"}""", false)]
    [InlineData("""[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:List*","Resource":"*"}]""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:RequestedRegion":"us-*"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/work*"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/other"}}}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"sts:ExternalId":"true"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"sts:ExternalId":"false"}}}""", false)]
    [InlineData("""{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""", false)]
    [InlineData("""[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]""", true)]
    public async Task Demand_decides_as_the_policy_says(string statement, bool allowed)
    {
        using var kms = new AmazonKeyManagementServiceClient(
            cloud.Role("worker", $$"""{"Version":"2012-10-17","Statement":{{statement}}}"""), cloud.Config<AmazonKeyManagementServiceConfig>());

        var call = () => kms.ListKeysAsync(new ListKeysRequest());

        if (allowed)
        {
            await call.ShouldNotThrowAsync();
        }
        else
        {
            (await call.ShouldThrowAsync<AmazonKeyManagementServiceException>()).ErrorCode.ShouldBe("AccessDeniedException");
        }
    }

    [Fact]
    public async Task Demand_refusal_names_principal_action_and_resource()
    {
        using var kms = new AmazonKeyManagementServiceClient(cloud.Role("worker", EmulatedCloud.Allow("kms:ListKeys", "*")), cloud.Config<AmazonKeyManagementServiceConfig>());

        var refusal = await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => kms.CreateKeyAsync(new CreateKeyRequest()));

        refusal.Message.ShouldBe("User: arn:aws:sts::111111111111:assumed-role/worker/session is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action");
        ((int)refusal.StatusCode).ShouldBe(400);
        cloud.World.Iam.Denials.ShouldHaveSingleItem().Action.ShouldBe("kms:CreateKey");
    }

    [Fact]
    public async Task NeverUsed_lists_the_permissions_that_nothing_needed()
    {
        var role = cloud.Role("worker", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:ListKeys","kms:ListAliases"],"Resource":"*"},{"Effect":"Allow","Action":"kms:CreateKey","Resource":"*"}]}""");
        using var kms = new AmazonKeyManagementServiceClient(role, cloud.Config<AmazonKeyManagementServiceConfig>());
        await kms.ListKeysAsync(new ListKeysRequest());

        const string Role = "arn:aws:iam::111111111111:role/worker";
        cloud.World.Iam.NeverUsed().ShouldBe([new HeldPermission(Role, "work", 0, "kms:ListAliases"), new HeldPermission(Role, "work", 1, "kms:CreateKey")]);
        cloud.World.Iam.UsedPermissions.ShouldContain(new UsedPermission(Role, "work", 0, "kms:ListKeys", "kms:ListKeys", "*"));
    }

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}}""", "Statement 0: the element NotAction is not evaluated here; handled are Sid, Effect, Action, Resource, Principal and Condition.")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"x"}}}}""", "The condition operator DateGreaterThan is not evaluated here; handled are StringEquals, StringNotEquals, StringLike, StringNotLike, ArnEquals, ArnNotEquals, ArnLike, ArnNotLike, Bool and Null.")]
    [InlineData("""{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}""", "The Effect 'Maybe' must be Allow or Deny.")]
    [InlineData("""{"Version":"2008-10-17","Statement":[]}""", "The policy Version 2008-10-17 is not evaluated; use 2012-10-17.")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"}}""", "Policy variables are not evaluated here: arn:aws:s3:::${aws:username}.")]
    public void Parse_what_is_not_evaluated_is_refused_by_name(string policy, string message)
    {
        var refusal = Should.Throw<ServiceException>(() => PolicyDocument.Parse(policy));

        refusal.Code.ShouldBe("MalformedPolicyDocument");
        refusal.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("lab", "shared", null, true)]
    [InlineData("lab", "shared", "wrong", true)]
    [InlineData("lab", "guarded", null, false)]
    [InlineData("lab", "guarded", "open sesame", true)]
    [InlineData("lab2", "shared", null, false)]
    [InlineData("lab", "missing", null, false)]
    public async Task AssumeRole_of_another_account_asks_its_trust_policy(string user, string roleName, string? externalId, bool allowed)
    {
        const string Trusting = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"CONDITION}}""";
        cloud.World.Iam.CreateRole(EmulatedCloud.OtherAccount, "shared", Trusting.Replace("CONDITION", "", StringComparison.Ordinal));
        var guarded = cloud.World.Iam.CreateRole(EmulatedCloud.OtherAccount, "guarded", Trusting.Replace(
            "CONDITION", ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"open sesame\"}}", StringComparison.Ordinal));
        using var sts = new AmazonSecurityTokenServiceClient(user == "lab" ? EmulatedCloud.Operator : EmulatedCloud.OtherOperator, cloud.Config<AmazonSecurityTokenServiceConfig>());
        var assume = () => sts.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = guarded.Arn.Replace("guarded", roleName, StringComparison.Ordinal), RoleSessionName = "copy", ExternalId = externalId,
        });

        if (!allowed)
        {
            (await assume.ShouldThrowAsync<AmazonSecurityTokenServiceException>()).ErrorCode.ShouldBe("AccessDenied");
            return;
        }

        var assumed = await assume();
        using var asRole = new AmazonSecurityTokenServiceClient(assumed.Credentials, cloud.Config<AmazonSecurityTokenServiceConfig>());
        var identity = await asRole.GetCallerIdentityAsync(new GetCallerIdentityRequest());
        identity.Arn.ShouldBe($"arn:aws:sts::222222222222:assumed-role/{roleName}/copy");
        identity.Account.ShouldBe("222222222222");
    }
}
