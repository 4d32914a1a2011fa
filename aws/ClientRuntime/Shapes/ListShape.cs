using System.Collections;

namespace AwsCompat.Shapes;

/// <summary>A list, carried by a <see cref="List{T}"/>.</summary>
/// <param name="create">An empty list of the right type.</param>
/// <param name="item">Asked for when first needed, since shapes may contain themselves.</param>
public sealed class ListShape(Func<IList> create, Func<Shape> item) : Shape
{
    public Shape Item => field ??= item();

    /// <summary>The name of an item's element (query and XML); the protocol's own is "member".</summary>
    public string ItemName { get; init; } = "member";

    /// <summary>True when items stand directly in the parent (query and XML), with no element around them all.</summary>
    public bool Flattened { get; init; }

    /// <summary>True when a form numbers the items right behind the list's own key, whatever their elements are called (EC2).</summary>
    public bool FlatKeys { get; init; }

    public IList Create() => create();
}
