using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <summary>The tests of a Choice rule: And, Or, Not, the Is… tests, and the comparisons with a value or with another path.</summary>
internal static class ChoiceTest
{
    private static readonly string[] Presence = ["IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp"];

    public static Func<Scope, bool> Parse(Fields f)
    {
        if (f.Has("And") || f.Has("Or"))
        {
            var name = f.Has("And") ? "And" : "Or";
            var inner = f.List(name)!.Select((n, i) => Inner(f, n, $"{name} {i + 1}")).ToList();
            return name == "And" ? scope => inner.TrueForAll(t => t(scope)) : scope => inner.Exists(t => t(scope));
        }

        if (f.Has("Not"))
        {
            var inner = Inner(f, f.Node("Not"), "Not");
            return scope => !inner(scope);
        }

        var variable = f.Path("Variable") ?? throw f.Wrong("Variable", "is missing");
        if (Presence.FirstOrDefault(f.Has) is { } presence)
        {
            var wanted = f.Flag(presence) ?? throw f.Wrong(presence, "must be true or false");
            return scope => Is(presence, variable, scope) == wanted;
        }

        foreach (var (name, kind, compare) in Comparisons())
        {
            if (f.Has(name))
            {
                var value = f.Node(name);
                return scope => compare(kind, Selected(variable, scope), value);
            }

            if (f.Has(name + "Path"))
            {
                var path = f.Path(name + "Path")!;
                return scope => compare(kind, Selected(variable, scope), Selected(path, scope));
            }
        }

        throw new DefinitionException($"{f.Owner} has no comparison that this engine knows.");
    }

    private static Func<Scope, bool> Inner(Fields f, JsonNode? node, string which)
    {
        var inner = new Fields(node as JsonObject ?? throw f.Wrong(which, "must be an object"), $"{f.Owner}, {which}");
        var test = Parse(inner);
        inner.RefuseOthers();
        return test;
    }

    private static JsonNode? Selected(JsonPath path, Scope scope) => path.Select(scope.Root(path));

    private static bool Is(string test, JsonPath variable, Scope scope)
    {
        var present = variable.TrySelect(scope.Root(variable), out var value);
        if (test == "IsPresent")
        {
            return present;
        }

        value = present ? value : variable.Select(scope.Root(variable));
        return test switch
        {
            "IsNull" => value is null,
            "IsString" => AsText(value) is not null,
            "IsNumeric" => AsNumber(value) is not null,
            "IsBoolean" => AsFlag(value) is not null,
            _ => AsTime(value) is not null,
        };
    }

    private static IEnumerable<(string Name, string Kind, Func<string, JsonNode?, JsonNode?, bool> Compare)> Comparisons()
    {
        foreach (var kind in new[] { "String", "Numeric", "Timestamp" })
        {
            yield return ($"{kind}Equals", kind, (k, a, b) => Compare(k, a, b) == 0);
            yield return ($"{kind}LessThan", kind, (k, a, b) => Compare(k, a, b) < 0);
            yield return ($"{kind}GreaterThan", kind, (k, a, b) => Compare(k, a, b) > 0);
            yield return ($"{kind}LessThanEquals", kind, (k, a, b) => Compare(k, a, b) <= 0);
            yield return ($"{kind}GreaterThanEquals", kind, (k, a, b) => Compare(k, a, b) >= 0);
        }

        yield return ("BooleanEquals", "Boolean", (_, a, b) => AsFlag(a) is { } left && AsFlag(b) is { } right && left == right);
        yield return ("StringMatches", "String", (_, a, b) => AsText(a) is { } text && AsText(b) is { } pattern && Matches(text, pattern));
    }

    /// <summary>Null when one of them is not of the kind: no comparison holds then.</summary>
    private static int? Compare(string kind, JsonNode? a, JsonNode? b) => kind switch
    {
        "String" => AsText(a) is { } left && AsText(b) is { } right ? string.CompareOrdinal(left, right) : null,
        "Numeric" => AsNumber(a) is { } left && AsNumber(b) is { } right ? left.CompareTo(right) : null,
        _ => AsTime(a) is { } left && AsTime(b) is { } right ? left.CompareTo(right) : null,
    };

    /// <summary><c>*</c> matches anything; <c>\*</c> is a star.</summary>
    private static bool Matches(string text, string pattern)
    {
        var expression = Regex.Replace(pattern, @"\\\*|\\\\|\*|[^*\\]+|\\", part => part.Value switch { "*" => ".*", @"\*" => @"\*", _ => Regex.Escape(part.Value == @"\\" ? @"\" : part.Value) });
        return Regex.IsMatch(text, $"^{expression}$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    private static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool? AsFlag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static double? AsNumber(JsonNode? node) =>
        node is JsonValue value && node.GetValueKind() == System.Text.Json.JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? AsTime(JsonNode? node) =>
        AsText(node) is { } text && text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
