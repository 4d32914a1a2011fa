using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>A payload template: JSON in which each field whose name ends in <c>.$</c> is computed from the scope.</summary>
public sealed class PayloadTemplate
{
    private readonly Func<Scope, JsonNode?> build;

    private PayloadTemplate(Func<Scope, JsonNode?> build) => this.build = build;

    /// <exception cref="FormatException">A computed field is malformed; the message names it.</exception>
    public static PayloadTemplate Parse(JsonNode? template) => new(Compile(template));

    public JsonNode? Evaluate(Scope scope) => build(scope);

    private static Func<Scope, JsonNode?> Compile(JsonNode? template) => template switch
    {
        JsonObject inside => Fields(Once([.. inside.Select(Field)])),
        JsonArray list => Items([.. list.Select(Compile)]),
        _ => _ => template?.DeepClone(),
    };

    private static Func<Scope, JsonNode?> Fields(List<(string Name, Func<Scope, JsonNode?> Value)> fields) => scope =>
    {
        var built = new JsonObject();
        foreach (var (name, value) in fields)
        {
            built[name] = value(scope);
        }

        return built;
    };

    private static List<(string Name, Func<Scope, JsonNode?> Value)> Once(List<(string Name, Func<Scope, JsonNode?> Value)> fields) =>
        fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new FormatException($"the field '{twice.Key}' is given twice, with and without '.$'")
            : fields;

    private static Func<Scope, JsonNode?> Items(List<Func<Scope, JsonNode?>> items) => scope => new JsonArray([.. items.Select(item => item(scope))]);

    private static (string Name, Func<Scope, JsonNode?> Value) Field(KeyValuePair<string, JsonNode?> field)
    {
        if (!field.Key.EndsWith(".$", StringComparison.Ordinal))
        {
            return (field.Key, Compile(field.Value));
        }

        if (field.Value is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            throw new FormatException($"the field '{field.Key}' must be a path or an intrinsic function, as a text");
        }

        try
        {
            return (field.Key[..^2], Intrinsic.Parse(text).Evaluate);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"the field '{field.Key}': {wrong.Message}");
        }
    }
}
