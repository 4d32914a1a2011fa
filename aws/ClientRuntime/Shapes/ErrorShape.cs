namespace AwsCompat.Shapes;

/// <summary>An error that the model names.</summary>
/// <param name="Name">The shape's name: the code in the JSON protocols.</param>
/// <param name="Code">The code in the query protocol.</param>
/// <param name="Members">Members besides the message.</param>
public sealed record ErrorShape(string Name, string Code, IReadOnlyList<Member> Members)
{
    /// <summary>Makes the client's exception; null on the server side, which needs none.</summary>
    public ErrorFactory? Create { get; init; }
}
