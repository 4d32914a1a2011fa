namespace Dbre.Lab.Engines.MariaDb;

/// <summary>How to set up the engine.</summary>
/// <param name="Root">Everything is under this folder; the engine makes it, and removes it on dispose. The server's user must be able to reach it.</param>
public sealed record MariaDbOptions(string Root);
