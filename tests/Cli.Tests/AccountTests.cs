using System.Net;
using System.Net.Sockets;

using Amazon.Runtime;

namespace Dbre.Cli.Tests;

/// <summary>Region and endpoint as they stand in the environment.</summary>
public sealed class AccountTests
{
    [Theory]
    [InlineData("AWS_REGION")]
    [InlineData("AWS_DEFAULT_REGION")]
    public void A_region_that_does_not_exist_is_refused_by_the_variable_that_names_it(string name)
    {
        var refused = Should.Throw<BadInputException>(() => Account.RegionOf(v => v == name ? "mars-1" : null));
        refused.Problems.ShouldBe([$"{name} is 'mars-1', which is not an AWS Region; allowed are names such as us-east-1."]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT", "where no AWS answers")]
    [InlineData("localhost", "which is no address; allowed are addresses such as http://127.0.0.1:4566")]
    public async Task An_endpoint_where_nobody_listens_is_refused_by_its_address(string address, string why)
    {
        var endpoint = address.Replace("PORT", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var refused = await Should.ThrowAsync<BadInputException>(() => Account.Proven("us-east-1", new BasicAWSCredentials("a", "b"), endpoint, CancellationToken.None));
        refused.Message.ShouldStartWith($"AWS_ENDPOINT_URL is '{endpoint}', {why}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
