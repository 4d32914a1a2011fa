using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using static Amazon.Runtime.Internal.Endpoints.StandardLibrary.Fn;

namespace AwsCompat.Client;

/// <summary>The endpoint rule that nearly all Regional services share: <c>prefix[-fips].region.suffix</c>, or the configured address.</summary>
/// <remarks>The GovCloud Regions have exceptions for FIPS that are not written here.</remarks>
public sealed class RegionalEndpointProvider(string prefix) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var fips = Equals(parameters["UseFIPS"], true);
        var dualStack = Equals(parameters["UseDualStack"], true);
        if (parameters["Endpoint"] is string { Length: > 0 } url)
        {
            return fips || dualStack
                ? throw new AmazonClientException("Invalid Configuration: FIPS/Dualstack and custom endpoint are not supported")
                : new Endpoint(url);
        }

        var region = parameters["Region"] as string ?? throw new AmazonClientException("Invalid Configuration: Missing Region");
        var partition = Partition(region) ?? throw new AmazonClientException($"Cannot resolve an endpoint for the Region {region}");
        var suffix = GetAttr(partition, dualStack ? "dualStackDnsSuffix" : "dnsSuffix");
        return new Endpoint($"https://{prefix}{(fips ? "-fips" : "")}.{region}.{suffix}");
    }
}
