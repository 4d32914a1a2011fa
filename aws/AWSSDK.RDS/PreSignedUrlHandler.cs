using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;
using AwsCompat.Client;

namespace Amazon.RDS.Internal;

/// <summary>
/// Before a request with a SourceRegion is written: presigns the same call for the source Region, which the destination Region's
/// service then makes in the caller's name to read an encrypted snapshot there.
/// </summary>
internal sealed class PreSignedUrlHandler : PipelineHandler
{
    public override void InvokeSync(IExecutionContext executionContext)
    {
        var context = executionContext.RequestContext;
        if (Wanted(context) is { } request)
        {
            Presign(context, request, Credentials(context).GetCredentials());
        }

        base.InvokeSync(executionContext);
    }

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var context = executionContext.RequestContext;
        if (Wanted(context) is { } request)
        {
            Presign(context, request, await Credentials(context).GetCredentialsAsync().ConfigureAwait(false));
        }

        return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
    }

    private static ICrossRegionRequest? Wanted(IRequestContext context) =>
        context.OriginalRequest is ICrossRegionRequest { SourceRegion: not null, PreSignedUrl: null } request ? request : null;

    private static AWSCredentials Credentials(IRequestContext context) =>
        context.ExplicitAWSCredentials ?? context.ClientConfig.DefaultAWSCredentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(context.ClientConfig);

    private static void Presign(IRequestContext context, ICrossRegionRequest request, ImmutableCredentials credentials)
    {
        var config = context.ClientConfig;
        var call = context.Marshaller.Marshall(context.OriginalRequest);
        call.ContentStream?.Dispose();
        call.ContentStream = null;
        call.UseQueryString = true;
        call.HttpMethod = "GET";
        call.Parameters["DestinationRegion"] = config.RegionEndpoint?.SystemName ?? config.AuthenticationRegion;
        var parameters = new RegionalEndpointParameters { ["Region"] = request.SourceRegion };
        call.Endpoint = new Uri(config.EndpointProvider.ResolveEndpoint(parameters).URL);
        if (credentials.UseToken)
        {
            call.Parameters["X-Amz-Security-Token"] = credentials.Token;
        }

        var signature = AWS4PreSignedUrlSigner.SignRequest(
            call, config, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey, "rds", request.SourceRegion);
        request.PreSignedUrl = $"{AmazonServiceClient.ComposeUrl(call)}&{signature.ForQueryParameters}";
    }
}
