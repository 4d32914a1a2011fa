namespace AwsCompat.Shapes;

/// <summary>Where in an HTTP message a member stands.</summary>
public enum Location
{
    Body,
    Uri,
    QueryString,
    Header,
    StatusCode,
    Payload,
}

/// <summary>A member of a structure and the property that carries it.</summary>
/// <param name="name">AWS's name, as in its documentation and its error messages.</param>
/// <param name="shape">The type of the value.</param>
/// <param name="get">Reads the property; null is absent.</param>
/// <param name="set">Writes the property.</param>
public sealed class Member(string name, Shape shape, Func<object, object?> get, Action<object, object?> set)
{
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    /// <summary>The name on the wire, where it differs from <see cref="Name"/>.</summary>
    public string WireName { get; init; } = name;

    /// <summary>The name as a key of a form (query and EC2), which EC2 writes with a capital and XML without.</summary>
    public string Key { get => field ?? WireName; init; }

    public Location Location { get; init; }

    public bool Required { get; init; }

    /// <summary>True when a client fills the member with a fresh id so that its own retries are one request to the service.</summary>
    public bool IdempotencyToken { get; init; }

    public object? Get(object owner) => get(owner);

    public void Set(object owner, object? value) => set(owner, value);
}
