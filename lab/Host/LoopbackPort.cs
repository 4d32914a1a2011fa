using System.Net;

using AwsCompat.Server;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dbre.Lab.Host;

/// <summary>The one port of the lab, on the loopback address only: HTTP in, the emulated cloud's answer out.</summary>
public sealed class LoopbackPort : IAsyncDisposable
{
    private readonly WebApplication server;

    private LoopbackPort(WebApplication server, Uri address) => (this.server, Address) = (server, address);

    /// <summary><c>http://127.0.0.1:4566/</c></summary>
    public Uri Address { get; }

    /// <param name="port">0 takes a free one.</param>
    /// <param name="answer">Answers a request; the token ends when the client goes away.</param>
    /// <exception cref="LabException">The port is in use.</exception>
    public static async Task<LoopbackPort> Open(int port, Func<WireRequest, Task<WireResponse>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var server = builder.Build();
        server.Run(http => Answer(http, answer));
        try
        {
            await server.StartAsync().ConfigureAwait(false);
        }
        catch (IOException inUse) when (inUse.InnerException is not null || inUse.Message.Contains("in use", StringComparison.Ordinal))
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new LabException($"Port {port} of 127.0.0.1 is in use; stop what listens there or set DBRE_LAB_PORT to a free one.");
        }

        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LoopbackPort(server, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await server.StopAsync(patience.Token).ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task Answer(HttpContext http, Func<WireRequest, Task<WireResponse>> answer)
    {
        var response = await answer(await Read(http.Request, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        http.Response.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(http.Request.Method) && response.Status is not (204 or 304))
        {
            http.Response.ContentLength ??= response.Body.Length;
            await http.Response.Body.WriteAsync(response.Body, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task<WireRequest> Read(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop).ConfigureAwait(false);
        var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

        // As sent, not as decoded: signatures are made over the raw path and query.
        var raw = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var mark = raw.IndexOf('?', StringComparison.Ordinal);
        return new WireRequest(request.Method, mark < 0 ? raw : raw[..mark], mark < 0 ? "" : raw[(mark + 1)..], headers, body.ToArray());
    }
}
