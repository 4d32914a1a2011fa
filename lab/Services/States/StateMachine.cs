using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.Services.States;

/// <summary>A state machine as deployed. An execution keeps the definition it began with.</summary>
internal sealed class StateMachine(string account, string region, string name)
{
    public string Account { get; } = account;

    public string Region { get; } = region;

    public string Name { get; } = name;

    public string Arn { get; } = $"arn:aws:states:{region}:{account}:stateMachine:{name}";

    public required DateTimeOffset Created { get; init; }

    public string Definition { get; set; } = "";

    public StateMachineDefinition Parsed { get; set; } = null!;

    public string RoleArn { get; set; } = "";

    public string RevisionId { get; set; } = "";

    public LoggingConfiguration? Logging { get; set; }

    public TracingConfiguration? Tracing { get; set; }

    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <param name="label">Of the Distributed Map that the execution belongs to.</param>
    public string ExecutionArn(string execution, string? label = null) => $"arn:aws:states:{Region}:{Account}:execution:{Name}{(label is null ? "" : "/" + label)}:{execution}";

    public string MapRunArn(string label, string id) => $"arn:aws:states:{Region}:{Account}:mapRun:{Name}/{label}:{id}";
}
