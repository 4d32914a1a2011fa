using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <summary>A state machine as parsed. What the engine does not know is refused by name, so nothing in a definition is silently left out.</summary>
/// <param name="Resources">The resource of every Task, once each.</param>
public sealed record StateMachineDefinition(StateGraph Graph, double? TimeoutSeconds, IReadOnlyList<string> Resources)
{
    /// <exception cref="DefinitionException">One sentence that names the state and the field.</exception>
    public static StateMachineDefinition Parse(string json)
    {
        JsonNode? root;
        try
        {
            root = Values.Read(json);
        }
        catch (JsonException notJson)
        {
            throw new DefinitionException($"The definition is not JSON: {notJson.Message}");
        }

        var machine = new Fields(root as JsonObject ?? throw new DefinitionException("The definition must be a JSON object."), "The state machine");
        machine.Text("Comment");
        if (machine.Text("Version") is { } version && version != "1.0")
        {
            throw new DefinitionException($"The state machine has Version '{version}'; allowed is 1.0.");
        }

        if (machine.Text("QueryLanguage") is { } language && language != "JSONPath")
        {
            throw new DefinitionException($"The state machine has QueryLanguage '{language}'; this engine runs JSONPath.");
        }

        var timeout = machine.Integer("TimeoutSeconds", least: 1);
        var parser = new StateParser();
        var graph = parser.Graph(machine);
        machine.RefuseOthers();
        return new StateMachineDefinition(graph, timeout, [.. parser.Resources.Distinct(StringComparer.Ordinal)]);
    }
}
