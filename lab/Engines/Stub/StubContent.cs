namespace Dbre.Lab.Engines.Stub;

/// <summary>What a table of the stub holds: how many rows, and how often its values were spoilt. Tables that are equal here are equal.</summary>
public readonly record struct StubContent(long Rows, int Flaws = 0);
