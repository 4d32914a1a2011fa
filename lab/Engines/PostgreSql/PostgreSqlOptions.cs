namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>How to set up the engine.</summary>
/// <param name="Root">Everything is under this folder; the engine makes it, and removes it on dispose. The server's user must be able to reach it.</param>
/// <param name="Bin">PostgreSQL's programs; null for the newest installed.</param>
public sealed record PostgreSqlOptions(string Root, string? Bin = null);
