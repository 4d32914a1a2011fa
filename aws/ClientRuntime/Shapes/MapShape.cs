using System.Collections;

namespace AwsCompat.Shapes;

/// <summary>A map with string keys, carried by a <see cref="Dictionary{TKey,TValue}"/>.</summary>
public sealed class MapShape(Func<IDictionary> create, Func<Shape> value) : Shape
{
    public Shape Value => field ??= value();

    /// <summary>The name of a key's element (query and XML).</summary>
    public string KeyName { get; init; } = "key";

    /// <summary>The name of a value's element (query and XML).</summary>
    public string ValueName { get; init; } = "value";

    /// <summary>True when entries stand directly in the parent (query and XML).</summary>
    public bool Flattened { get; init; }

    public IDictionary Create() => create();
}
