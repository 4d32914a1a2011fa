namespace Dbre.Lab.Services.Rds;

/// <summary>A snapshot as it truly is, for those who check what is said of it.</summary>
/// <param name="Database">The identifier of the database it was taken of.</param>
/// <param name="Made">When it became available; null while it is not. A copy that was deleted and made again under its name is another one.</param>
/// <param name="Stored">The engine's name of it.</param>
/// <param name="CopiedFrom">The ARN of the snapshot that it is a copy of.</param>
public sealed record SnapshotView(
    string Account, string Region, string Id, bool Cluster, string Arn, string Database, string Status, string Type, DateTimeOffset? Made, DateTimeOffset? FrozenAt,
    string Stored, string? CopiedFrom);
