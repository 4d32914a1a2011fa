using System.Net;
using System.Net.Sockets;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Engines.Tests;

public sealed class FreePortsTests
{
    [Theory]
    [InlineData(SocketType.Dgram, ProtocolType.Udp, "held by another lab whose server does not listen yet")]
    [InlineData(SocketType.Stream, ProtocolType.Tcp, "listened on")]
    public void A_port_that_another_process_has_is_not_taken(SocketType type, ProtocolType protocol, string how)
    {
        var port = FreePorts.Take(null);
        FreePorts.Return(port);
        using (var other = new Socket(AddressFamily.InterNetwork, type, protocol))
        {
            other.Bind(new IPEndPoint(IPAddress.Loopback, port));
            if (type == SocketType.Stream)
            {
                other.Listen();
            }

            var instead = FreePorts.Take(port);
            instead.ShouldNotBe(port, how);
            FreePorts.Return(instead);
        }

        FreePorts.Take(port).ShouldBe(port, "it was given back");
        FreePorts.Take(port).ShouldNotBe(port, "it is taken");
        FreePorts.Return(port);
    }
}
