using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace AwsCompat.Client;

/// <summary>The base of the clients' configurations: all that the SDK's pipeline asks of one, from the model's metadata.</summary>
public abstract class ServiceConfig : ClientConfig
{
    /// <summary>The SDK's own timeouts for connecting, by defaults mode.</summary>
    private static readonly IDefaultConfiguration[] Modes =
    [
        Mode(DefaultConfigurationMode.Standard, 3100),
        Mode(DefaultConfigurationMode.InRegion, 1100),
        Mode(DefaultConfigurationMode.CrossRegion, 3100),
        Mode(DefaultConfigurationMode.Mobile, 30000),
        Mode(DefaultConfigurationMode.Auto, 1100),
    ];

    private readonly string endpointPrefix;
    private readonly string apiVersion;
    private readonly string userAgent;

    /// <param name="serviceId">Exactly the model's: the variables <c>AWS_ENDPOINT_URL_…</c> are found by it.</param>
    /// <param name="signingName">The service in the credential scope.</param>
    /// <param name="endpointPrefix">The first label of the host name.</param>
    /// <param name="apiVersion">The model's date.</param>
    protected ServiceConfig(string serviceId, string signingName, string endpointPrefix, string apiVersion)
        : base(new DefaultConfigurationProvider(Modes))
    {
        base.ServiceId = serviceId;
        AuthenticationServiceName = signingName;
        this.endpointPrefix = endpointPrefix;
        this.apiVersion = apiVersion;
        userAgent = InternalSDKUtils.BuildUserAgentString(serviceId.Replace(' ', '_'), "4.0.0-compat");
        EndpointProvider = new RegionalEndpointProvider(endpointPrefix);
    }

    public override string RegionEndpointServiceName => endpointPrefix;

    public override string ServiceVersion => apiVersion;

    public override string UserAgent => userAgent;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        var request = new DefaultRequest(parameters.Request, base.ServiceId) { AlternateEndpoint = parameters.AlternateEndpoint };
        var context = new RequestContext(false) { ClientConfig = this, OriginalRequest = parameters.Request, Request = request };
        return new RegionalEndpointResolver().GetEndpoint(new Amazon.Runtime.Internal.ExecutionContext(context, null));
    }

    private static DefaultConfiguration Mode(DefaultConfigurationMode mode, int connectMilliseconds) => new()
    {
        Name = mode,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = Amazon.Runtime.S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
        TlsNegotiationTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
    };
}
