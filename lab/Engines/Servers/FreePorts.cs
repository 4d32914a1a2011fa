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

    // Of the whole process: two engines in it must not take the same port. Another lab on this machine starts elsewhere in the range.
    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Gate = new();
    private static int next = First + (Environment.ProcessId * 37 % (Last - First));

    /// <param name="wished">Taken when it is free.</param>
    /// <exception cref="EngineException">All are in use.</exception>
    internal static int Take(int? wished)
    {
        lock (Gate)
        {
            if (wished is { } port and > 1023 && !Taken.Contains(port) && IsFree(port))
            {
                Taken.Add(port);
                return port;
            }

            for (var tries = 0; tries <= Last - First; tries++)
            {
                next = next == Last ? First : next + 1;
                if (!Taken.Contains(next) && IsFree(next))
                {
                    Taken.Add(next);
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
            Taken.Remove(port);
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
