using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbre.Cli.Report;

/// <summary>An evidence record as the reports read it: only what they show, and tolerant of fields added since.</summary>
internal sealed record EvidenceView(
    string Automation, string OperationId, string Outcome, string Reason, DateTimeOffset StartedAt, DateTimeOffset EndedAt,
    IReadOnlyList<DatabaseView> Databases, IReadOnlyList<StepView> Steps, MeasuredView Measured, string PreviousHash, string Hash)
{
    public bool Succeeded => Outcome == "Succeeded";

    public static EvidenceView Read(JsonObject record) => new(
        Text(record, "automation"), Text(record, "operationId"), Text(record, "outcome"), Text(record, "reason"), Moment(record, "startedAt"), Moment(record, "endedAt"),
        [.. List(record, "databases").Select(DatabaseView.Read)], [.. List(record, "steps").Select(StepView.Read)],
        MeasuredView.Read(record["measured"]?.AsObject() ?? []), Text(record, "previousHash"), Text(record, "hash"));

    internal static string Text(JsonNode? node, string name) => (string?)node?[name] ?? "";

    internal static DateTimeOffset Moment(JsonNode? node, string name) =>
        DateTimeOffset.TryParse(Text(node, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : default;

    internal static IEnumerable<JsonNode> List(JsonNode? node, string name) => (node?[name] as JsonArray ?? []).OfType<JsonNode>();
}

internal sealed record DatabaseView(string Database, string Engine, string Outcome, string Reason, string Snapshot, IReadOnlyList<CopyView> Copies, int Pruned, IReadOnlyList<string> Held)
{
    public static DatabaseView Read(JsonNode node) => new(
        EvidenceView.Text(node, "database"), EvidenceView.Text(node, "engine"), EvidenceView.Text(node, "outcome"), EvidenceView.Text(node, "reason"),
        EvidenceView.Text(node, "snapshot"), [.. EvidenceView.List(node, "copies").Select(CopyView.Read)], EvidenceView.List(node, "pruned").Count(),
        [.. EvidenceView.List(node, "held").Select(h => $"{EvidenceView.Text(h, "snapshot")} in {EvidenceView.Text(h, "region")}: {EvidenceView.Text(h, "reason")}")]);
}

internal sealed record CopyView(string Region, string? Account, string Outcome, string Reason, long? RowsExpected, long? RowsFound, int? TablesCompared, int? TablesMoving)
{
    public static CopyView Read(JsonNode node) => new(
        EvidenceView.Text(node, "region"), (string?)node["account"], EvidenceView.Text(node, "outcome"), EvidenceView.Text(node, "reason"),
        (long?)node["proof"]?["rowsExpected"], (long?)node["proof"]?["rowsFound"], (int?)node["proof"]?["tablesCompared"], (int?)node["proof"]?["tablesMoving"]);
}

/// <summary>A step of the timeline; its lane is the database, or the run itself.</summary>
internal sealed record StepView(string Name, string? Database, string? Region, DateTimeOffset Start, DateTimeOffset End, int Attempts)
{
    public static StepView Read(JsonNode node) => new(
        EvidenceView.Text(node, "name"), (string?)node["database"], (string?)node["region"], EvidenceView.Moment(node, "startedAt"), EvidenceView.Moment(node, "endedAt"), (int?)node["attempts"] ?? 1);

    /// <summary>What kind of work it is: the colour of its segment.</summary>
    public string Kind => Name switch
    {
        _ when Name.StartsWith("Measure", StringComparison.Ordinal) => "measure",
        _ when Name.StartsWith("Create", StringComparison.Ordinal) => "snapshot",
        _ when Name.StartsWith("Copy", StringComparison.Ordinal) || Name.StartsWith("Prepare", StringComparison.Ordinal) => "copy",
        _ when Name.StartsWith("Restore", StringComparison.Ordinal) => "restore",
        _ when Name.StartsWith("Prove", StringComparison.Ordinal) => "prove",
        _ when Name.StartsWith("Remove", StringComparison.Ordinal) || Name.StartsWith("Clean", StringComparison.Ordinal) || Name.StartsWith("Prune", StringComparison.Ordinal) => "prune",
        _ => "other",
    };
}

internal sealed record MeasuredView(int Databases, int Copied, int Proven, long? RowsExpected, long? RowsFound, bool? ChecksumsEqual, int Pruned)
{
    public static MeasuredView Read(JsonObject node) => new(
        (int?)node["databases"] ?? 0, (int?)node["copied"] ?? 0, (int?)node["proven"] ?? 0, (long?)node["rowsExpected"], (long?)node["rowsFound"],
        (bool?)node["checksumsEqual"], (int?)node["pruned"] ?? 0);
}
