using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Dbre.Services.Tests.Conformance;

/// <summary>moto's server as an oracle, on a free loopback port. It is started once for all conformance tests and ended with them.</summary>
public sealed class Moto : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process process;

    public Moto()
    {
        var port = FreePort();
        Address = $"http://127.0.0.1:{port}";
        process = Process.Start(new ProcessStartInfo("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        // Nobody reads what it logs: the pipes must not fill.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        WaitFor(port);
    }

    internal string Address { get; }

    internal TConfig Config<TConfig>() where TConfig : ClientConfig, new() => new() { ServiceURL = Address, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 };

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // There is nothing to wait on but the port: try until it answers, the process ends or the time is up.
    private void WaitFor(int port)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < StartLimit && !process.HasExited;)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                process.WaitForExit(100);
            }
        }

        throw new InvalidOperationException($"moto's server did not answer on port {port} within {StartLimit}.");
    }
}

/// <summary>The tests that share one moto.</summary>
[CollectionDefinition(nameof(Moto))]
public sealed class MotoCollection : ICollectionFixture<Moto>;
