using System.Text.Json;

namespace Dbre.Lab.Services.Events.Patterns;

/// <summary>One object of a pattern: every field must match, and of each <c>$or</c> one alternative.</summary>
/// <param name="Fields">Each tests the value of its name; the value is null where the event lacks the field.</param>
/// <param name="Alternatives">Of <c>$or</c>; empty when there is none.</param>
internal sealed record FieldsPattern(IReadOnlyList<(string Name, Func<JsonElement?, bool> Matches)> Fields, IReadOnlyList<FieldsPattern> Alternatives)
{
    internal static FieldsPattern Read(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{where} must be an object");
        }

        var fields = new List<(string, Func<JsonElement?, bool>)>();
        IReadOnlyList<FieldsPattern> alternatives = [];
        foreach (var field in json.EnumerateObject())
        {
            if (fields.Exists(f => f.Item1 == field.Name))
            {
                throw new FormatException($"{where} names '{field.Name}' twice");
            }

            if (field.Name == "$or")
            {
                alternatives = ReadAlternatives(field.Value, where);
            }
            else
            {
                fields.Add((field.Name, ReadField(field.Value, $"'{field.Name}'")));
            }
        }

        return fields.Count > 0 || alternatives.Count > 0 ? new FieldsPattern(fields, alternatives) : throw new FormatException($"{where} is an empty object, which would match nothing");
    }

    /// <param name="value">Null where the event lacks it. Of an array one element must match all fields together.</param>
    internal bool Matches(JsonElement? value) => value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
        ? list.EnumerateArray().Any(element => Matches(element))
        : Fields.All(f => f.Matches(Child(value, f.Name))) && (Alternatives.Count == 0 || Alternatives.Any(a => a.Matches(value)));

    private static JsonElement? Child(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var child) ? child : null;

    private static Func<JsonElement?, bool> ReadField(JsonElement json, string where)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                return Read(json, where).Matches;
            case JsonValueKind.Array when json.GetArrayLength() == 0:
                throw new FormatException($"{where} is an empty list, which would match nothing");
            case JsonValueKind.Array:
                var tests = json.EnumerateArray().Select(v => ValueTest.Read(v, where)).ToList();
                return value => tests.Exists(t => t.Holds(value));
            default:
                throw new FormatException($"{where} must be a list of values or an object");
        }
    }

    private static List<FieldsPattern> ReadAlternatives(JsonElement json, string where) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0
            ? [.. json.EnumerateArray().Select(a => Read(a, $"an alternative of $or in {where}"))]
            : throw new FormatException($"$or in {where} must be a list of objects");
}
