using System.Net;
using Amazon.Runtime;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

/// <summary>Connects an SDK client to a <see cref="WireServer"/> in this process.</summary>
internal static class WireClients
{
    public static readonly BasicAWSCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    public static T To<T>(this T config, WireServer server)
        where T : ClientConfig
    {
        config.ServiceURL = "http://aws.test";
        config.AuthenticationRegion = "eu-west-1";
        config.HttpClientFactory = new Factory(server);
        config.MaxErrorRetry = 0;
        return config;
    }

    private sealed class Factory(WireServer server) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(server));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }

    private sealed class Handler(WireServer server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default))
            {
                headers[name] = string.Join(",", values);
            }

            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var answer = server.Handle(new WireRequest(
                request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query.TrimStart('?'), headers, body));
            var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new ByteArrayContent(answer.Body.ToArray()), RequestMessage = request };
            foreach (var (name, value) in answer.Headers)
            {
                if (!response.Headers.TryAddWithoutValidation(name, value))
                {
                    response.Content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            return response;
        }
    }
}
