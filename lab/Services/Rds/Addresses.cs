namespace Dbre.Lab.Services.Rds;

/// <summary>
/// Which address belongs to which name in one account and Region. RDS's endpoints contain the identifier, so whichever database has a name is found
/// at that name's address; here an address is a port. A database is reached directly until its name has had two owners; from then on the name's
/// port is an endpoint of the engine that is pointed to whoever has the name.
/// </summary>
internal sealed class Addresses(string account, string region)
{
    private readonly Dictionary<string, Engines.DatabaseEndpoint> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> ports = new(StringComparer.Ordinal);

    /// <summary>The engine's name of the endpoint of an instance's name.</summary>
    internal string OfInstance(string id) => $"{account}/{region}/db/{id}";

    internal string WriterOf(string cluster) => $"{account}/{region}/cluster/{cluster}";

    internal string ReaderOf(string cluster) => $"{account}/{region}/cluster-ro/{cluster}";

    /// <summary>The open endpoint; null when the name has none.</summary>
    internal Engines.DatabaseEndpoint? Opened(string endpoint) => opened.GetValueOrDefault(endpoint);

    internal void Open(string endpoint, Engines.DatabaseEndpoint at) => (opened[endpoint], ports[endpoint]) = (at, at.Port);

    internal void Close(string endpoint) => opened.Remove(endpoint);

    /// <summary>The port at which the name was last; null for a new name.</summary>
    internal int? PortOf(string endpoint) => ports.TryGetValue(endpoint, out var port) ? port : null;

    internal void Remember(string endpoint, int port) => ports[endpoint] = port;
}
