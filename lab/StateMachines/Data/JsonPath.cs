using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>
/// A JSONPath as Step Functions takes it: fields, indexes, slices, <c>*</c> and <c>..</c>. A path of fields and indexes only names one place
/// (a reference path); the others select a list.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<Step> steps;

    private JsonPath(string text, bool context, IReadOnlyList<Step> steps) => (Text, OfContext, this.steps) = (text, context, steps);

    public string Text { get; }

    /// <summary>Begins with <c>$$</c>: it reads the context object.</summary>
    public bool OfContext { get; }

    public bool IsReference => steps.All(s => s is Step.Field or Step.Index { At: >= 0 });

    /// <exception cref="FormatException">The path is malformed or has a part that Step Functions or this engine does not take; the message names it.</exception>
    public static JsonPath Parse(string text)
    {
        if (!text.StartsWith('$'))
        {
            throw new FormatException($"'{text}' is not a path: it must begin with $");
        }

        var context = text.StartsWith("$$", StringComparison.Ordinal);
        var steps = new List<Step>();
        var at = context ? 2 : 1;
        while (at < text.Length)
        {
            steps.Add(text[at] switch
            {
                '.' when at + 1 < text.Length && text[at + 1] == '.' => Descend(text, ref at),
                '.' => Dot(text, ref at),
                '[' => Bracket(text, ref at),
                _ => throw new FormatException($"the path '{text}' has an unexpected '{text[at]}' at {at}"),
            });
        }

        return new JsonPath(text, context, steps);
    }

    /// <summary>The one value a reference path names, or the list that another path selects. False when a reference path names nothing.</summary>
    public bool TrySelect(JsonNode? root, out JsonNode? value)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in steps)
        {
            found = found.SelectMany(step.Select);
        }

        var all = found.ToList();
        if (!steps.All(s => s is Step.Field or Step.Index))
        {
            value = new JsonArray([.. all.Select(n => n?.DeepClone())]);
            return true;
        }

        value = all.Count > 0 ? all[0] : null;
        return all.Count > 0;
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
                case (Step.Field field, JsonObject inside):
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
                case (Step.Index index, JsonArray inside) when index.At < inside.Count:
                    if (last)
                    {
                        inside[index.At] = value?.DeepClone();
                    }

                    at = inside[index.At]!;
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

    private static Step.Descendants Descend(string text, ref int at)
    {
        at++;
        return new Step.Descendants(text[at + 1] == '*' ? Star(ref at) : ((Step.Field)Dot(text, ref at)).Name);
    }

    private static string? Star(ref int at)
    {
        at += 2;
        return null;
    }

    private static Step Dot(string text, ref int at)
    {
        var start = ++at;
        if (at < text.Length && text[at] == '*')
        {
            at++;
            return new Step.Wildcard();
        }

        while (at < text.Length && text[at] is not ('.' or '['))
        {
            if (text[at] is '(' or ')' or ' ' or '@' or '?' or ',' or ':' or ']' or '\'' or '"')
            {
                throw new FormatException($"the path '{text}' has '{text[at]}' in a name; write ['…'] for such a name");
            }

            at++;
        }

        return at > start ? new Step.Field(text[start..at]) : throw new FormatException($"the path '{text}' has an empty name at {start}");
    }

    private static Step Bracket(string text, ref int at)
    {
        if (text[at + 1] is '\'' or '"')
        {
            var quote = text[at + 1];
            var name = new StringBuilder();
            for (at += 2; at < text.Length && text[at] != quote; at++)
            {
                if (text[at] == '\\')
                {
                    at++;
                }

                name.Append(text[at]);
            }

            if (at + 1 >= text.Length || text[at + 1] != ']')
            {
                throw new FormatException($"the path '{text}' has no closing '{quote}]'");
            }

            at += 2;
            return new Step.Field(name.ToString());
        }

        var end = text.IndexOf(']', at);
        var inside = end < 0 ? throw new FormatException($"the path '{text}' has no closing ']'") : text[(at + 1)..end];
        at = end + 1;
        if (inside == "*")
        {
            return new Step.Wildcard();
        }

        if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            return new Step.Index(index);
        }

        return inside.Split(':') is [var from, var to] && Bound(from, out var first) && Bound(to, out var last)
            ? new Step.Slice(first, last)
            : throw new FormatException($"the path '{text}' has '[{inside}]'; this engine runs names, indexes, slices and *");
    }

    private static bool Bound(string text, out int? bound)
    {
        bound = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        return bound is not null || text.Length == 0;
    }

    private abstract record Step
    {
        public abstract IEnumerable<JsonNode?> Select(JsonNode? node);

        internal sealed record Field(string Name) : Step
        {
            public override IEnumerable<JsonNode?> Select(JsonNode? node) => node is JsonObject inside && inside.TryGetPropertyValue(Name, out var value) ? [value] : [];
        }

        internal sealed record Index(int At) : Step
        {
            public override IEnumerable<JsonNode?> Select(JsonNode? node) =>
                node is JsonArray list && (At < 0 ? list.Count + At : At) is var place && place >= 0 && place < list.Count ? [list[place]] : [];
        }

        internal sealed record Slice(int? From, int? To) : Step
        {
            public override IEnumerable<JsonNode?> Select(JsonNode? node) => node is JsonArray list
                ? list.Skip(Place(From ?? 0, list.Count)).Take(Place(To ?? list.Count, list.Count) - Place(From ?? 0, list.Count))
                : [];

            private static int Place(int at, int count) => Math.Clamp(at < 0 ? count + at : at, 0, count);
        }

        internal sealed record Wildcard : Step
        {
            public override IEnumerable<JsonNode?> Select(JsonNode? node) => node switch
            {
                JsonArray list => list,
                JsonObject inside => inside.Select(p => p.Value),
                _ => [],
            };
        }

        internal sealed record Descendants(string? Name) : Step
        {
            public override IEnumerable<JsonNode?> Select(JsonNode? node)
            {
                var children = new Wildcard().Select(node).ToList();
                var here = Name is null ? children : new Field(Name).Select(node);
                return here.Concat(children.SelectMany(Select));
            }
        }
    }
}
