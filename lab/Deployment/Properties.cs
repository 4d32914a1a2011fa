using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment;

/// <summary>
/// The resolved properties of a resource. Every property must be read by somebody: <see cref="RefuseUnread"/> names the first that was not,
/// so that the lab never ignores what the template says.
/// </summary>
/// <param name="where">Stack, logical id and type, for messages.</param>
/// <param name="path">The way to this object from the resource, with a trailing dot; empty at the top.</param>
/// <param name="values">The properties.</param>
public sealed class Properties(string where, string path, JsonObject values)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly List<Properties> children = [];

    public string Text(string name) => TextOrNull(name) ?? throw new DeploymentException($"{where}: the property {path}{name} is missing.");

    public string? TextOrNull(string name) => Read(name) switch
    {
        null => null,
        JsonValue value => value.ToString(),
        var other => throw new DeploymentException($"{where}: the property {path}{name} is {other.ToJsonString()}; it must be a text."),
    };

    public int? Number(string name) => TextOrNull(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new DeploymentException($"{where}: the property {path}{name} is {text}; it must be a whole number.");

    public bool? Flag(string name) => TextOrNull(name) is not { } text ? null
        : bool.TryParse(text, out var flag) ? flag
        : throw new DeploymentException($"{where}: the property {path}{name} is {text}; it must be true or false.");

    public List<string> Texts(string name) => [.. Items(name).Select(item => item!.ToString())];

    public Properties? Object(string name) => Read(name) is { } node ? Child($"{path}{name}.", node) : null;

    public IReadOnlyList<Properties> Objects(string name) => [.. Items(name).Select((item, i) => Child($"{path}{name}[{i}].", item!))];

    public Dictionary<string, string> Map(string name) => Read(name) is not { } node ? []
        : node.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.ToString(), StringComparer.Ordinal);

    /// <summary>A document that is passed on as it is, such as a policy.</summary>
    public string? Document(string name) => Read(name)?.ToJsonString();

    /// <summary>A property for which the lab emulates one value only (or its absence).</summary>
    public void Only(string name, params string[] values)
    {
        if (TextOrNull(name) is { } given && !values.Contains(given, StringComparer.OrdinalIgnoreCase))
        {
            throw new DeploymentException($"{where}: the property {path}{name} is {given}; the lab emulates {string.Join(" and ", values)}.");
        }
    }

    /// <exception cref="DeploymentException">A property that nobody read.</exception>
    public void RefuseUnread()
    {
        if (values.FirstOrDefault(value => !read.Contains(value.Key)).Key is { } unread)
        {
            throw new DeploymentException($"{where}: the lab does not know the property {path}{unread}.");
        }

        foreach (var child in children)
        {
            child.RefuseUnread();
        }
    }

    private JsonNode? Read(string name)
    {
        read.Add(name);
        return values[name];
    }

    private JsonArray Items(string name) => Read(name) switch
    {
        null => [],
        JsonArray list => list,
        var other => throw new DeploymentException($"{where}: the property {path}{name} is {other.ToJsonString()}; it must be a list."),
    };

    private Properties Child(string childPath, JsonNode node)
    {
        var child = new Properties(where, childPath, node as JsonObject
            ?? throw new DeploymentException($"{where}: the property {childPath.TrimEnd('.')} is {node.ToJsonString()}; it must be an object."));
        children.Add(child);
        return child;
    }
}
