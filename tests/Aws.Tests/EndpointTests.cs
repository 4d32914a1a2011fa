using Amazon;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Dbre.Aws.Tests.Wire;

namespace Dbre.Aws.Tests;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("eu-west-1", false, false, "https://rds.eu-west-1.amazonaws.com/")]
    [InlineData("cn-north-1", false, false, "https://rds.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-east-1", true, false, "https://rds-fips.us-east-1.amazonaws.com/")]
    [InlineData("us-east-1", false, true, "https://rds.us-east-1.api.aws/")]
    public void Endpoint_follows_region_and_partition(string region, bool fips, bool dualStack, string expected)
    {
        var config = new AmazonRDSConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(region), UseFIPSEndpoint = fips, UseDualstackEndpoint = dualStack };
        using var client = new AmazonRDSClient(WireClients.Credentials, config);

        new Uri(client.DetermineServiceOperationEndpoint(new DescribeDBInstancesRequest()).URL).AbsoluteUri.ShouldBe(expected);
    }

    [Fact]
    public void Service_url_wins_over_region()
    {
        using var client = new AmazonStepFunctionsClient(
            WireClients.Credentials, new AmazonStepFunctionsConfig { ServiceURL = "http://127.0.0.1:4566", AuthenticationRegion = "eu-west-1" });

        client.DetermineServiceOperationEndpoint(new ListStateMachinesRequest()).URL.TrimEnd('/').ShouldBe("http://127.0.0.1:4566");
    }

    [Fact]
    public void Custom_endpoint_with_fips_is_refused()
    {
        using var client = new AmazonStepFunctionsClient(
            WireClients.Credentials, new AmazonStepFunctionsConfig { ServiceURL = "http://127.0.0.1:4566", UseFIPSEndpoint = true });

        Should.Throw<AmazonClientException>(() => client.DetermineServiceOperationEndpoint(new ListStateMachinesRequest()));
    }
}
