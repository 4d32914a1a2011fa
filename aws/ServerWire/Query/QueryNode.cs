namespace AwsCompat.Server;

/// <summary>The parameters of a query request as the tree that their dotted keys describe: <c>Filters.Filter.1.Name</c>.</summary>
internal sealed class QueryNode(string path)
{
    /// <summary>The whole key down to here.</summary>
    public string Path { get; } = path;

    /// <summary>Null when only longer keys were sent.</summary>
    public string? Value { get; private set; }

    public Dictionary<string, QueryNode> Children { get; } = new(StringComparer.Ordinal);

    public static QueryNode Build(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var root = new QueryNode("");
        foreach (var (key, value) in parameters)
        {
            var node = root;
            foreach (var part in key.Split('.'))
            {
                if (!node.Children.TryGetValue(part, out var child))
                {
                    child = new QueryNode(node.Path.Length == 0 ? part : $"{node.Path}.{part}");
                    node.Children.Add(part, child);
                }

                node = child;
            }

            node.Value = value;
        }

        return root;
    }

    /// <summary>The key of the first value at or below this node, for an error that names it.</summary>
    public string FirstKey() => Value is not null || Children.Count == 0 ? Path : Children.Values.First().FirstKey();
}
