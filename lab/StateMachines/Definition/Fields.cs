using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <summary>Reads an object field by field and knows which were read: the rest is refused.</summary>
internal sealed class Fields(JsonObject source, string owner)
{
    // The longest time the states language takes.
    private const int LongestSeconds = 99_999_999;

    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    public string Owner => owner;

    public bool Has(string name) => source.ContainsKey(name);

    public JsonNode? Node(string name)
    {
        read.Add(name);
        return source[name];
    }

    /// <summary>For a value that may be null: whether the field is there.</summary>
    public bool TryNode(string name, out JsonNode? node)
    {
        node = Node(name);
        return Has(name);
    }

    public string? Text(string name) => Typed<string>(name, "a text");

    public string RequiredText(string name) => Text(name) ?? throw Wrong(name, "is missing");

    public bool? Flag(string name) => Typed<bool>(name, "true or false") is var flag && Has(name) ? flag : null;

    public double? Number(string name, double least = 0, double most = LongestSeconds)
    {
        if (!Has(name))
        {
            return null;
        }

        return Values.Number(Node(name)) is { } number && number >= least && number <= most
            ? number
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"is {Shown(name)}; it must be a number from {least} to {most}"));
    }

    public long? Integer(string name, long least = 0, long most = LongestSeconds)
    {
        var number = Number(name, least, most);
        return number is null || number == Math.Floor(number.Value) ? (long?)number : throw Wrong(name, $"is {Shown(name)}; it must be an integer");
    }

    public JsonObject? Object(string name) => Node(name) is { } node ? node as JsonObject ?? throw Wrong(name, "must be an object") : null;

    public JsonArray? List(string name) => Node(name) is { } node ? node as JsonArray ?? throw Wrong(name, "must be a list") : null;

    public IReadOnlyList<string> Texts(string name) =>
        [.. (List(name) ?? throw Wrong(name, "is missing")).Select(n => n is JsonValue v && v.TryGetValue<string>(out var text) ? text : throw Wrong(name, "must be a list of texts"))];

    /// <summary>A path; <paramref name="nothing"/> when the field is there and null.</summary>
    public JsonPath? Path(string name, out bool nothing, bool reference = false)
    {
        nothing = Has(name) && Node(name) is null;
        return nothing ? null : Path(name, reference);
    }

    /// <summary>A path that finds one value.</summary>
    public JsonPath? SinglePath(string name) => Path(name) is not { } path || path.IsDefinite ? Path(name)
        : throw Wrong(name, $"is '{path}'; it must be a path to one value, of names and indexes only");

    public JsonPath? Path(string name, bool reference = false)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var path = Parsed(name, () => JsonPath.Parse(text));
        return !reference || (path.IsReference && !path.OfContext) ? path : throw Wrong(name, $"is '{text}'; it must be a reference path, of names and indexes only");
    }

    public PayloadTemplate? Template(string name) => Has(name) ? Parsed(name, () => PayloadTemplate.Parse(Node(name))) : null;

    public Intrinsic? Intrinsic(string name) => Text(name) is { } text ? Parsed(name, () => Data.Intrinsic.Parse(text)) : null;

    public T Parsed<T>(string name, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException wrong)
        {
            throw Wrong(name, $"cannot be read: {wrong.Message}");
        }
    }

    public void RefuseOthers()
    {
        if (source.Select(f => f.Key).FirstOrDefault(f => !read.Contains(f)) is { } unknown)
        {
            throw new DefinitionException($"{owner} has the field '{unknown}', which this engine does not run; it knows {string.Join(", ", read.Order(StringComparer.Ordinal))}.");
        }
    }

    public DefinitionException Wrong(string name, string what) => new($"{owner}: {name} {what}.");

    private string Shown(string name) => source[name]?.ToJsonString() ?? "null";

    private T? Typed<T>(string name, string allowed) => Node(name) is not { } node ? default
        : node is JsonValue value && value.TryGetValue<T>(out var typed) ? typed
        : throw Wrong(name, $"is {node.ToJsonString()}; it must be {allowed}");
}
