using System.Net;
using System.Net.Sockets;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// An address that leads to another and can be pointed elsewhere: what DNS does for a cluster's endpoint.
/// TLS passes through untouched. When it is pointed elsewhere, the connections through it end, as those to a writer that fails over do.
/// </summary>
internal sealed class TcpForwarder : IDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private CancellationTokenSource epoch = new();
    private DatabaseEndpoint? target;

    internal TcpForwarder(int port)
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Endpoint = new DatabaseEndpoint(IPAddress.Loopback.ToString(), port);
        _ = Accept();
    }

    internal DatabaseEndpoint Endpoint { get; }

    internal void Point(DatabaseEndpoint? to)
    {
        lock (gate)
        {
            if (to == target)
            {
                return;
            }

            target = to;
            epoch.Cancel();
            epoch = new CancellationTokenSource();
        }
    }

    public void Dispose()
    {
        Point(null);
        closing.Cancel();
        listener.Dispose();
    }

    private async Task Accept()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = Forward(await listener.AcceptSocketAsync(closing.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Closing, or a client that gave up before it was accepted.
            }
        }
    }

    private async Task Forward(Socket client)
    {
        using var ours = client;
        DatabaseEndpoint? to;
        CancellationToken until;
        lock (gate)
        {
            (to, until) = (target, epoch.Token);
        }

        if (to is null)
        {
            return;
        }

        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(to.Host, to.Port, until).ConfigureAwait(false);
            await Task.WhenAll(Pump(client, server, until), Pump(server, client, until)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either side ended: so does the other.
        }
    }

    private static async Task Pump(Socket from, Socket to, CancellationToken until)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer, until).ConfigureAwait(false)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), until).ConfigureAwait(false);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
