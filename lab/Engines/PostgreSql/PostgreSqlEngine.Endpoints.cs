using System.Collections.Concurrent;

namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Endpoints of clusters.</content>
public sealed partial class PostgreSqlEngine
{
    private readonly ConcurrentDictionary<string, TcpForwarder> forwarders = new(StringComparer.Ordinal);

    public Task<DatabaseEndpoint> OpenEndpoint(string name, CancellationToken stop)
    {
        var forwarder = new TcpForwarder(FreePorts.Take(null));
        if (forwarders.TryAdd(name, forwarder))
        {
            return Task.FromResult(forwarder.Endpoint);
        }

        forwarder.Dispose();
        FreePorts.Return(forwarder.Endpoint.Port);
        throw new EngineException($"There is an endpoint '{name}' already.");
    }

    public void PointEndpoint(string name, string? id) =>
        (forwarders.TryGetValue(name, out var forwarder) ? forwarder : throw new EngineException($"There is no endpoint '{name}'."))
            .Point(id is null ? null : Find(id).Endpoint);

    public void CloseEndpoint(string name)
    {
        if (forwarders.TryRemove(name, out var forwarder))
        {
            forwarder.Dispose();
            FreePorts.Return(forwarder.Endpoint.Port);
        }
    }
}
