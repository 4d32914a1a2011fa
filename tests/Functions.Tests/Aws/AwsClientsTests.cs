using Amazon.Runtime;

using Dbre.Functions.Core.Aws;

namespace Dbre.Functions.Tests.Aws;

public sealed class AwsClientsTests
{
    [Fact]
    public void A_function_that_measures_for_a_quarter_of_an_hour_is_waited_for()
    {
        var clients = new AwsClients("us-east-1", new BasicAWSCredentials("lab", "lab"));

        clients.Lambda(new Location("eu-west-1")).Config.Timeout.ShouldBe(TimeSpan.FromMinutes(15));
    }
}
