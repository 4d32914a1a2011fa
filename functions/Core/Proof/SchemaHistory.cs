namespace Dbre.Functions.Core.Proof;

/// <summary>The table in which a tool for schema changes writes down each one that it made.</summary>
/// <param name="Columns">What names a change.</param>
/// <param name="By">The newest has the highest.</param>
internal sealed record SchemaHistory(string Table, IReadOnlyList<string> Columns, string By)
{
    // Flyway, Liquibase, Entity Framework Core.
    private static readonly SchemaHistory[] Known =
    [
        new("flyway_schema_history", ["version", "description"], "installed_rank"),
        new("databasechangelog", ["id", "author", "filename"], "orderexecuted"),
        new("__EFMigrationsHistory", ["MigrationId"], "MigrationId"),
    ];

    /// <summary>Null when a table is none.</summary>
    internal static SchemaHistory? Of(SqlTable table) => Array.Find(Known, h => h.Table.Equals(table.Name, StringComparison.OrdinalIgnoreCase));
}
