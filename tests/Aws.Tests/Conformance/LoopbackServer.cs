using System.Net;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Conformance;

/// <summary>An HTTP server on a free loopback port for one test.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<WireRequest, Task<WireResponse>> handle;
    private readonly Task loop;

    public LoopbackServer(Func<WireRequest, Task<WireResponse>> handle)
    {
        this.handle = handle;
        Authority = Listen();
        loop = Task.Run(Loop);
    }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await loop;
        listener.Close();
    }

    /// <summary>The listener cannot ask for a free port itself: one that was free a moment ago is tried until it takes.</summary>
    private string Listen()
    {
        while (true)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var authority = probe.LocalEndpoint.ToString()!;
            probe.Stop();
            listener.Prefixes.Clear();
            listener.Prefixes.Add($"http://{authority}/");
            try
            {
                listener.Start();
                return authority;
            }
            catch (HttpListenerException)
            {
                // Another process took the port in between.
            }
        }
    }

    private async Task Loop()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Serve(context);
        }
    }

    private async Task Serve(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var headers = request.Headers.AllKeys.ToDictionary(k => k!, k => request.Headers[k]!, StringComparer.OrdinalIgnoreCase);
        var answer = await handle(new WireRequest(
            request.HttpMethod, request.RawUrl!.Split('?')[0], request.Url!.Query.TrimStart('?'), headers, body.ToArray()));
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        try
        {
            await response.OutputStream.WriteAsync(answer.Body);
            response.Close();
        }
        catch (HttpListenerException)
        {
            // The client went away: tests that stop a loop in mid-request do.
        }
    }
}
