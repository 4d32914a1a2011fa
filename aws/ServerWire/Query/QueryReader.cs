using System.Globalization;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Reads a request of the query protocol or of EC2's. Every key must be known: what we do not handle is never ignored.</summary>
internal static class QueryReader
{
    public static void Read(StructureShape shape, QueryNode node, object target)
    {
        foreach (var (name, child) in node.Children)
        {
            var member = shape.FindKey(name) ?? throw Unknown(child);
            member.Set(target, Value(member.Shape, child));
        }

        foreach (var member in shape.Members)
        {
            if (member.Required && !node.Children.ContainsKey(member.Key))
            {
                var key = node.Path.Length == 0 ? member.Key : $"{node.Path}.{member.Key}";
                throw new WireFormatException("MissingParameter", $"The request must contain the parameter {key}.");
            }
        }
    }

    private static object Value(Shape shape, QueryNode node)
    {
        switch (shape)
        {
            case ScalarShape scalar:
                RefuseChildren(node);
                return WireText.Parse(scalar, node.Value!, node.Path);
            case ListShape list:
                return ReadList(list, node);
            case MapShape map:
                return ReadMap(map, node);
            case StructureShape structure:
                if (node.Value is not null)
                {
                    throw Unknown(node);
                }

                var target = structure.Create();
                Read(structure, node, target);
                return target;
            default:
                throw new InvalidOperationException($"No query form for {shape}.");
        }
    }

    private static object ReadList(ListShape shape, QueryNode node)
    {
        var list = shape.Create();
        // AWS's own servers take "member" also where the model names the items otherwise.
        foreach (var item in Numbered(shape.FlatKeys || shape.Flattened ? node : Wrapped(node, shape.ItemName, "member")))
        {
            list.Add(Value(shape.Item, item));
        }

        return list;
    }

    private static object ReadMap(MapShape shape, QueryNode node)
    {
        var map = shape.Create();
        foreach (var entry in Numbered(shape.Flattened ? node : Wrapped(node, "entry", "entry")))
        {
            foreach (var (name, part) in entry.Children)
            {
                if (name != shape.KeyName && name != shape.ValueName)
                {
                    throw Unknown(part);
                }
            }

            if (!entry.Children.TryGetValue(shape.KeyName, out var key) || !entry.Children.TryGetValue(shape.ValueName, out var value))
            {
                throw new WireFormatException("MissingParameter", $"The request must contain the parameters {entry.Path}.{shape.KeyName} and {entry.Path}.{shape.ValueName}.");
            }

            map[key.Value!] = Value(shape.Value, value);
        }

        return map;
    }

    /// <summary>The node below which items are numbered; null for an empty collection, which is sent as <c>Tags=</c>.</summary>
    private static QueryNode? Wrapped(QueryNode node, string name, string otherName)
    {
        if (node.Value is { Length: 0 } && node.Children.Count == 0)
        {
            return null;
        }

        return node.Children.Count == 1 && node.Value is null && (node.Children.GetValueOrDefault(name) ?? node.Children.GetValueOrDefault(otherName)) is { } items
            ? items
            : throw Unknown(node.Children.Values.FirstOrDefault(c => c.Path != $"{node.Path}.{name}" && c.Path != $"{node.Path}.{otherName}") ?? node);
    }

    private static IEnumerable<QueryNode> Numbered(QueryNode? node)
    {
        if (node is null || (node.Value is { Length: 0 } && node.Children.Count == 0))
        {
            return [];
        }

        var items = new SortedList<int, QueryNode>();
        foreach (var (name, child) in node.Children)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || !items.TryAdd(number, child))
            {
                throw Unknown(child);
            }
        }

        return node.Value is null ? items.Values : throw Unknown(node);
    }

    private static void RefuseChildren(QueryNode node)
    {
        if (node.Children.Count > 0)
        {
            throw Unknown(node.Children.Values.First());
        }
    }

    private static WireFormatException Unknown(QueryNode node) =>
        new("UnknownParameter", $"The parameter {node.FirstKey()} is not recognized.");
}
