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
        foreach (var name in new[] { "And", "Or" }.Where(f.Has))
        {
            var inner = (f.List(name) is { Count: > 0 } given ? given : throw f.Wrong(name, "is empty")).Select((n, i) => Inner(f, n, $"{name} {i + 1}")).ToList();
            return name == "And" ? scope => inner.TrueForAll(t => t(scope)) : scope => inner.Exists(t => t(scope));
        }

        if (f.Has("Not"))
        {
            var inner = Inner(f, f.Node("Not"), "Not");
            return scope => !inner(scope);
        }

        var variable = f.SinglePath("Variable") ?? throw f.Wrong("Variable", "is missing");
        if (Presence.FirstOrDefault(f.Has) is { } presence)
        {
            var wanted = f.Flag(presence) ?? throw f.Wrong(presence, "must be true or false");
            return scope => Is(presence, variable, scope) == wanted;
        }

        foreach (var (name, kind, compare) in Comparisons())
        {
            if (f.TryNode(name, out var value))
            {
                return Fits(kind, value)
                    ? scope => compare(kind, Selected(variable, scope), value)
                    : throw f.Wrong(name, $"is {value?.ToJsonString() ?? "null"}; it must be {Wanted(kind)}");
            }

            if (name != "StringMatches" && f.SinglePath(name + "Path") is { } path)
            {
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

    private static bool Fits(string kind, JsonNode? value) => kind switch
    {
        "String" => Values.Text(value) is not null,
        "Numeric" => Values.Number(value) is not null,
        "Boolean" => Values.Flag(value) is not null,
        _ => Values.Time(value) is not null,
    };

    private static string Wanted(string kind) => kind switch
    {
        "String" => "a text",
        "Numeric" => "a number",
        "Boolean" => "true or false",
        _ => "a timestamp such as 2026-11-21T03:00:00Z",
    };

    /// <summary>A path that finds nothing ends the execution: only IsPresent may ask for what is not there.</summary>
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
            "IsString" => Values.Text(value) is not null,
            "IsNumeric" => Values.Number(value) is not null,
            "IsBoolean" => Values.Flag(value) is not null,
            _ => Values.Time(value) is not null,
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

        yield return ("BooleanEquals", "Boolean", (_, a, b) => Values.Flag(a) is { } left && Values.Flag(b) is { } right && left == right);
        yield return ("StringMatches", "String", (_, a, b) => Values.Text(a) is { } text && Values.Text(b) is { } pattern && Matches(text, pattern));
    }

    /// <summary>Null when one of them is not of the kind: no comparison holds then.</summary>
    private static int? Compare(string kind, JsonNode? a, JsonNode? b) => kind switch
    {
        "String" => Values.Text(a) is { } left && Values.Text(b) is { } right ? string.CompareOrdinal(left, right) : null,
        "Numeric" => Values.Number(a) is { } left && Values.Number(b) is { } right ? left.CompareTo(right) : null,
        _ => Values.Time(a) is { } left && Values.Time(b) is { } right ? left.CompareTo(right) : null,
    };

    /// <summary><c>*</c> matches anything; <c>\*</c> is a star.</summary>
    private static bool Matches(string text, string pattern)
    {
        var expression = Regex.Replace(pattern, @"\\\*|\\\\|\*|[^*\\]+|\\", part => part.Value switch { "*" => ".*", @"\*" => @"\*", _ => Regex.Escape(part.Value == @"\\" ? @"\" : part.Value) });
        return Regex.IsMatch(text, $"^{expression}$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
