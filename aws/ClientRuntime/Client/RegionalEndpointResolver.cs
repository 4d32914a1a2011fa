using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util;

namespace AwsCompat.Client;

/// <summary>The pipeline's handler that gives a request its endpoint.</summary>
public sealed class RegionalEndpointResolver : BaseEndpointResolver
{
    protected override void ServiceSpecificHandler(IExecutionContext executionContext, EndpointParameters parameters) =>
        InjectHostPrefix(executionContext.RequestContext);

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
    {
        var config = requestContext.ClientConfig;
        return new RegionalEndpointParameters
        {
            ["Region"] = requestContext.Request.AlternateEndpoint?.SystemName ?? Region(config),
            ["UseDualStack"] = config.UseDualstackEndpoint,
            ["UseFIPS"] = config.UseFIPSEndpoint,
            ["Endpoint"] = config.ServiceURL,
        };
    }

    /// <summary>A ServiceURL set in code leaves no RegionEndpoint: the Region is then the one to sign for, or is read off the address.</summary>
    private static string? Region(IClientConfig config)
    {
        if (config.RegionEndpoint is { } region)
        {
            return region.SystemName;
        }

        if (string.IsNullOrEmpty(config.ServiceURL))
        {
            return null;
        }

        return string.IsNullOrEmpty(config.AuthenticationRegion)
            ? RegionEndpoint.GetBySystemName(AWSSDKUtils.DetermineRegion(config.ServiceURL)).SystemName
            : config.AuthenticationRegion;
    }
}
