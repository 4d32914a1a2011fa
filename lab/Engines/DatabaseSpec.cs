namespace Dbre.Lab.Engines;

/// <summary>A database to make.</summary>
/// <param name="Id">Unique in the engine; letters, digits, hyphens.</param>
/// <param name="Version">One that the engine supports.</param>
/// <param name="MasterUser">Made on create; on restore the one that the data has.</param>
/// <param name="MasterPassword">Null keeps the one that the data has.</param>
/// <param name="Name">The first database in the server; null for only <c>postgres</c>.</param>
/// <param name="Port">The port wished for; another is taken when it is not free.</param>
/// <param name="Started">False makes the data only; <see cref="IDatabaseEngine.Start"/> brings it up.</param>
public sealed record DatabaseSpec(string Id, string Version, string MasterUser, string? MasterPassword, string? Name, int? Port = null, bool Started = true);

/// <summary>Where a server listens.</summary>
public sealed record DatabaseEndpoint(string Host, int Port);

/// <summary>What a database is right now.</summary>
/// <param name="Running">Whether its server accepts connections.</param>
/// <param name="Bytes">The size of its data; 0 when it does not run.</param>
public sealed record DatabaseFacts(bool Running, DatabaseEndpoint Endpoint, long Bytes);
