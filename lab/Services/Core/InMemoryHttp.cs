using System.Net;
using Amazon.Runtime;
using AwsCompat.Server;

namespace Dbre.Lab.Services;

/// <summary>
/// Lets an AWS SDK client in this process talk to the emulated cloud without a port: give it as <c>ClientConfig.HttpClientFactory</c>,
/// with any <c>http://</c> address as the service URL.
/// </summary>
public sealed class InMemoryHttp(ServiceGateway gateway) : HttpClientFactory
{
    /// <inheritdoc />
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new GatewayHandler(gateway), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    // One gateway per factory: the SDK's own cache would hand a client of one world to another.
    /// <inheritdoc />
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc />
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;

    private sealed class GatewayHandler(ServiceGateway gateway) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // What a request sets going happens before its answer: under the caller's synchronization context (a test runner has one) it would be
            // handed to the thread pool. The caller has its own again when this method returns.
            SynchronizationContext.SetSynchronizationContext(null);

            // A caller that gives up is let go, whatever becomes of its request.
            var answer = await gateway.Handle(await Read(request, cancellationToken).ConfigureAwait(false)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return Write(answer, request);
        }

        private static async Task<WireRequest> Read(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in request.Headers.NonValidated)
            {
                headers[name] = string.Join(name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) ? " " : ",", values);
            }

            ReadOnlyMemory<byte> body = default;
            if (request.Content is { } content)
            {
                body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                foreach (var (name, values) in content.Headers.NonValidated)
                {
                    headers[name] = string.Join(",", values);
                }
            }

            var uri = request.RequestUri!;
            headers.TryAdd("Host", uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}");
            return new WireRequest(request.Method.Method, uri.AbsolutePath, uri.Query.TrimStart('?'), headers, body);
        }

        private static HttpResponseMessage Write(WireResponse answer, HttpRequestMessage request)
        {
            var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
            {
                Content = new ReadOnlyMemoryContent(answer.Body),
                RequestMessage = request,
            };
            foreach (var (name, value) in answer.Headers)
            {
                if (!response.Headers.TryAddWithoutValidation(name, value))
                {
                    response.Content.Headers.Remove(name);
                    response.Content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            return response;
        }
    }
}
