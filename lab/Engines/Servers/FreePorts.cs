using System.Net;
using System.Net.Sockets;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// Ports for servers, below the range from which the kernel takes ports of outgoing connections,
/// so that a stopped server finds its port free when it starts again.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000, Last = 31_999;

    // A UDP socket under the number holds it against other processes that look at the same time, and the kernel lets go of it with the process.
    private static readonly Dictionary<int, Socket> Taken = [];
    private static readonly Lock Gate = new();
    private static int next = First + (Environment.ProcessId * 37 % (Last - First));

    /// <param name="wished">Taken when it is free.</param>
    /// <exception cref="EngineException">All are in use.</exception>
    internal static int Take(int? wished)
    {
        lock (Gate)
        {
            if (wished is { } port and > 1023 && Hold(port))
            {
                return port;
            }

            for (var tries = 0; tries <= Last - First; tries++)
            {
                next = next == Last ? First : next + 1;
                if (Hold(next))
                {
                    return next;
                }
            }
        }

        throw new EngineException($"No port between {First} and {Last} is free for a database server.");
    }

    internal static void Return(int port)
    {
        lock (Gate)
        {
            if (Taken.Remove(port, out var held))
            {
                held.Dispose();
            }
        }
    }

    private static bool Hold(int port)
    {
        if (Taken.ContainsKey(port) || Bound(port, SocketType.Dgram, ProtocolType.Udp) is not { } held)
        {
            return false;
        }

        // The server listens with TCP, so that is only tried.
        if (Bound(port, SocketType.Stream, ProtocolType.Tcp) is not { } probe)
        {
            held.Dispose();
            return false;
        }

        probe.Dispose();
        Taken.Add(port, held);
        return true;
    }

    /// <returns>Null when somebody has it.</returns>
    private static Socket? Bound(int port, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
