using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>What paths read from: the state's input and the context object, which is made when a path first asks for it.</summary>
public sealed record Scope(JsonNode? Input, Lazy<JsonObject> Context)
{
    public JsonNode? Root(JsonPath path) => path.OfContext ? Context.Value : Input;
}
