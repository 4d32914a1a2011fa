using System.Text;
using System.Threading.Channels;
using AwsCompat.Server;
using Dbre.Aws.Tests.Conformance;

namespace Dbre.Aws.Tests.Lambda;

/// <summary>Lambda's side of the Runtime API, on a loopback port below a path, as the lab serves it.</summary>
internal sealed class FunctionRuntime : IAsyncDisposable
{
    private readonly Channel<WireResponse> events = Channel.CreateUnbounded<WireResponse>();
    private readonly Channel<(string Path, IReadOnlyDictionary<string, string> Headers, string Body)> answers =
        Channel.CreateUnbounded<(string, IReadOnlyDictionary<string, string>, string)>();
    private readonly LoopbackServer server;

    public FunctionRuntime() => server = new LoopbackServer(Handle);

    /// <summary>The value of AWS_LAMBDA_RUNTIME_API.</summary>
    public string Api => $"{server.Authority}/_runtime/abc";

    public void Send(string json, string requestId, long deadline = 0, string? trace = null)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new("Lambda-Runtime-Aws-Request-Id", requestId),
            new("Lambda-Runtime-Deadline-Ms", $"{deadline}"),
            new("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111111111111:function:f"),
        ];
        if (trace is not null)
        {
            headers.Add(new("Lambda-Runtime-Trace-Id", trace));
        }

        events.Writer.TryWrite(new WireResponse(200, headers, Encoding.UTF8.GetBytes(json)));
    }

    /// <summary>The next thing that the function posted; its path is below the API's version.</summary>
    public async Task<(string Path, IReadOnlyDictionary<string, string> Headers, string Body)> Answer()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await answers.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        events.Writer.TryComplete();
        await server.DisposeAsync();
    }

    private async Task<WireResponse> Handle(WireRequest request)
    {
        const string Root = "/_runtime/abc/2018-06-01/runtime/";
        if (!request.Path.StartsWith(Root, StringComparison.Ordinal))
        {
            return new WireResponse(404, [], default);
        }

        var path = request.Path[Root.Length..];
        if (path == "invocation/next")
        {
            return await events.Reader.WaitToReadAsync() && events.Reader.TryRead(out var next) ? next : new WireResponse(410, [], default);
        }

        answers.Writer.TryWrite((path, request.Headers, Encoding.UTF8.GetString(request.Body.Span)));
        return new WireResponse(202, [], default);
    }
}
