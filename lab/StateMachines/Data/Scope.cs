using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>What paths and functions read from: the state's input, the context object (made when a path first asks for it), and chance.</summary>
public sealed record Scope(JsonNode? Input, Lazy<JsonObject> Context, Chance Chance)
{
    public JsonNode? Root(JsonPath path) => path.OfContext ? Context.Value : Input;
}
