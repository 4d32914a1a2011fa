using Dbre.Infra.Catalog;

namespace Dbre.Infra.Workflows;

/// <summary>A state machine as its ASL file states it, with the functions that it invokes.</summary>
/// <param name="Name">The file's name without <c>.asl.json</c>, and the state machine's.</param>
/// <param name="Definition">The ASL, with <c>${ClassName}</c> where a function's ARN belongs.</param>
/// <param name="Functions">What the placeholders name: the state machine's role may invoke these and nothing else.</param>
public sealed record Workflow(string Name, string Definition, IReadOnlyList<FunctionSpec> Functions);
