using System.Globalization;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Lambda Runtime API, version 2018-06-01.</summary>
internal sealed class RuntimeApi : IDisposable
{
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly string root;

    public RuntimeApi(string hostAndPrefix, HttpClient? httpClient)
    {
        root = $"http://{hostAndPrefix.TrimEnd('/')}/2018-06-01/runtime";
        ownsHttp = httpClient is null;
        // "next" answers when there is an event, be it tomorrow.
        http = httpClient ?? new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<NextInvocation> Next(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"{root}/invocation/next", cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

        var requestId = Header("Lambda-Runtime-Aws-Request-Id")
            ?? throw new InvalidOperationException("The Runtime API's next invocation has no header Lambda-Runtime-Aws-Request-Id.");
        // One buffer that exposes itself: the serializer reads it without a copy.
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return new NextInvocation(
            new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true),
            requestId,
            long.TryParse(Header("Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var deadline)
                ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : DateTimeOffset.MaxValue,
            Header("Lambda-Runtime-Invoked-Function-Arn") ?? "",
            Header("Lambda-Runtime-Trace-Id"),
            Header("Lambda-Runtime-Client-Context"),
            Header("Lambda-Runtime-Cognito-Identity"));
    }

    public Task Respond(string requestId, Stream output, CancellationToken cancellationToken)
    {
        var content = new StreamContent(output);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Post($"{root}/invocation/{requestId}/response", content, null, cancellationToken);
    }

    public Task ReportError(string requestId, Exception exception, CancellationToken cancellationToken) =>
        PostError($"{root}/invocation/{requestId}/error", exception, cancellationToken);

    public Task ReportInitError(Exception exception, CancellationToken cancellationToken) =>
        PostError($"{root}/init/error", exception, cancellationToken);

    public void Dispose()
    {
        if (ownsHttp)
        {
            http.Dispose();
        }
    }

    private Task PostError(string url, Exception exception, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(ErrorDocument.Of(exception));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json");
        return Post(url, content, exception.GetType().Name, cancellationToken);
    }

    private async Task Post(string url, HttpContent content, string? errorType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        if (errorType is not null)
        {
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", errorType);
        }

        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // 413: the response is over Lambda's limit. Lambda has then already failed the invocation, and the next one can be served.
        if ((int)response.StatusCode != 413)
        {
            response.EnsureSuccessStatusCode();
        }
    }
}
