using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>
/// A JSONPath as Step Functions takes it: fields, indexes, slices, filters, <c>*</c> and <c>..</c>. A path of fields and indexes only
/// finds one value; the others always find a list.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<PathStep> steps;

    private JsonPath(string text, bool context, IReadOnlyList<PathStep> steps)
    {
        (Text, OfContext, this.steps) = (text, context, steps);
        IsDefinite = steps.All(s => s is NameStep or IndexStep);
        IsReference = steps.All(s => s is NameStep or IndexStep { Index: >= 0 });
    }

    public string Text { get; }

    /// <summary>Begins with <c>$$</c>: it reads the context object.</summary>
    public bool OfContext { get; }

    /// <summary>It finds one value or nothing; any other path finds a list.</summary>
    public bool IsDefinite { get; }

    /// <summary>It names one place, so it can be written to: <c>$.a.b[0]</c>.</summary>
    public bool IsReference { get; }

    /// <exception cref="FormatException">The path is malformed or has a part that Step Functions or this engine does not take; the message names it.</exception>
    public static JsonPath Parse(string text)
    {
        var (context, steps) = new PathParser(text).Parse();
        return new JsonPath(text, context, steps);
    }

    /// <summary>The one value a definite path names, or the list that another path selects. False when a definite path names nothing.</summary>
    public bool TrySelect(JsonNode? root, out JsonNode? value)
    {
        List<JsonNode?> found = [root];
        foreach (var step in steps)
        {
            var next = new List<JsonNode?>();
            foreach (var node in found)
            {
                step.Select(node, next);
            }

            found = next;
        }

        value = !IsDefinite ? new JsonArray([.. found.Select(n => n?.DeepClone())]) : found.Count > 0 ? found[0] : null;
        return !IsDefinite || found.Count > 0;
    }

    /// <exception cref="StatesError">States.Runtime (or the error given) when nothing is there.</exception>
    public JsonNode? Select(JsonNode? root, string error = StatesError.Runtime) => TrySelect(root, out var value)
        ? value
        : throw new StatesError(error, $"The JSONPath '{Text}' could not be found in the input '{Shown(root)}'");

    /// <summary>Puts a value at the place a reference path names, making what is missing on the way; gives the new whole.</summary>
    /// <exception cref="StatesError">States.ResultPathMatchFailure: something on the way is no object or has no such index.</exception>
    public JsonNode? Put(JsonNode? root, JsonNode? value)
    {
        if (steps.Count == 0)
        {
            return value;
        }

        var whole = root?.DeepClone() ?? new JsonObject();
        var at = whole;
        for (var i = 0; i < steps.Count; i++)
        {
            var last = i == steps.Count - 1;
            switch (steps[i], at)
            {
                case (NameStep field, JsonObject inside):
                    if (last)
                    {
                        inside[field.Name] = value?.DeepClone();
                    }
                    else if (inside[field.Name] is null)
                    {
                        inside[field.Name] = new JsonObject();
                    }

                    at = inside[field.Name]!;
                    break;
                case (IndexStep index, JsonArray inside) when index.Index < inside.Count:
                    if (last)
                    {
                        inside[index.Index] = value?.DeepClone();
                    }

                    at = inside[index.Index]!;
                    break;
                default:
                    throw new StatesError(StatesError.ResultPathMatchFailure, $"Unable to apply ResultPath '{Text}' to the input '{Shown(root)}'");
            }
        }

        return whole;
    }

    public override string ToString() => Text;

    internal static string Shown(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 1000 ? text : text[..1000] + "…";
    }
}
