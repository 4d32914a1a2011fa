using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dbre.Cli.Runs;

/// <summary>What a run would do, as the function that plans it answers. Unknown fields are passed over.</summary>
internal sealed record Plan
{
    /// <summary>Ready, or Refused when the run as a whole must not start.</summary>
    public string Status { get; init; } = "";
    public string Reason { get; init; } = "";
    public IReadOnlyList<string> Problems { get; init; } = [];
    public IReadOnlyList<PlannedDatabase> Databases { get; init; } = [];
    public IReadOnlyList<PlannedRefusal> Refused { get; init; } = [];

    /// <summary>What AWS's quotas do not carry in the policy's window.</summary>
    public IReadOnlyList<PlannedRefusal> Deferred { get; init; } = [];

    /// <summary>As the function gave it.</summary>
    [JsonIgnore]
    public JsonObject Answer { get; private init; } = [];

    public bool Refuses => Status != "Ready";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static Plan Read(JsonObject answer) => answer.Deserialize<Plan>(Options)! with { Answer = answer };
}

internal sealed record PlannedDatabase
{
    public string Database { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Engine { get; init; } = "";
    public string Snapshot { get; init; } = "";
    public IReadOnlyList<PlannedTarget> Targets { get; init; } = [];
}

internal sealed record PlannedTarget
{
    public string Region { get; init; } = "";
    public string? Account { get; init; }
    public string KmsKey { get; init; } = "";
    public bool ProofDue { get; init; }

    public string Name => Account is null ? Region : $"{Region} of account {Account}";
}

internal sealed record PlannedRefusal
{
    public string Database { get; init; } = "";
    public string Reason { get; init; } = "";
}
