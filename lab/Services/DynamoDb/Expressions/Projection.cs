using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>A set of paths that picks parts of an item; also what UPDATED_OLD and UPDATED_NEW answer with.</summary>
internal sealed class Projection
{
    private readonly Node root = new();

    private Projection()
    {
    }

    /// <returns>Null for no expression: the whole item.</returns>
    internal static Projection? Parse(string? expression, Placeholders placeholders)
    {
        if (expression is null)
        {
            return null;
        }

        var reader = new TokenReader(expression, "ProjectionExpression", placeholders);
        var paths = new List<DocumentPath> { reader.Path() };
        while (reader.TakeIf(","))
        {
            paths.Add(reader.Path());
        }

        reader.ExpectEnd();
        PathOverlap.Refuse(paths, reader);
        return Of(paths);
    }

    internal static Projection Of(IEnumerable<DocumentPath> paths)
    {
        var projection = new Projection();
        foreach (var path in paths)
        {
            var node = projection.root;
            foreach (var step in path.Steps)
            {
                node = node.Children.TryGetValue(step, out var child) ? child : node.Children[step] = new Node();
            }
        }

        return projection;
    }

    internal MapValue Of(MapValue item) => (MapValue?)Pick(item, root) ?? new MapValue([]);

    // List elements keep their order but not their place: a[2] alone comes back as a list of one.
    private static Value? Pick(Value value, Node node)
    {
        if (node.Children.Count == 0)
        {
            return value;
        }

        switch (value)
        {
            case MapValue map:
                var entries = new Dictionary<string, Value>(StringComparer.Ordinal);
                foreach (var (step, child) in node.Children)
                {
                    if (step.Name is { } name && map.Entries.TryGetValue(name, out var entry) && Pick(entry, child) is { } picked)
                    {
                        entries[name] = picked;
                    }
                }

                return entries.Count > 0 ? new MapValue(entries) : null;
            case ListValue list:
                var elements = node.Children.Where(c => c.Key.Index < list.Elements.Count).OrderBy(c => c.Key.Index)
                    .Select(c => Pick(list.Elements[c.Key.Index!.Value], c.Value)).OfType<Value>().ToList();
                return elements.Count > 0 ? new ListValue(elements) : null;
            default:
                return null;
        }
    }

    private sealed class Node
    {
        internal Dictionary<PathStep, Node> Children { get; } = [];
    }
}

/// <summary>Paths of one expression may not lie in one another.</summary>
internal static class PathOverlap
{
    internal static void Refuse(IReadOnlyList<DocumentPath> paths, TokenReader reader)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            for (var j = i + 1; j < paths.Count; j++)
            {
                if (paths[i].Overlaps(paths[j]))
                {
                    throw reader.Invalid($"Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {paths[i]}, path two: {paths[j]}");
                }
            }
        }
    }
}
