namespace AwsCompat.Shapes;

/// <summary>A structure, carried by a class with a property per member.</summary>
/// <param name="name">The .NET class's name.</param>
/// <param name="create">An empty object of the class.</param>
/// <param name="members">Asked for when first needed: a function that calls one operation builds only that operation's tables.</param>
public sealed class StructureShape(string name, Func<object> create, Func<Member[]> members) : Shape
{
    private Dictionary<string, Member>? byWireName, byKey;

    public string Name { get; } = name;

    public IReadOnlyList<Member> Members => field ??= members();

    /// <summary>The member that is the whole HTTP body; null when the body is an object of the members that have no other place.</summary>
    public Member? Payload => Members.FirstOrDefault(m => m.Location == Location.Payload);

    public object Create() => create();

    /// <summary>The member that the body calls so; null when there is none.</summary>
    public Member? Find(string wireName)
    {
        byWireName ??= Members.Where(m => m.Location == Location.Body).ToDictionary(m => m.WireName, StringComparer.Ordinal);
        return byWireName.GetValueOrDefault(wireName);
    }

    /// <summary>The member that a form's key names; null when there is none.</summary>
    public Member? FindKey(string key)
    {
        byKey ??= Members.ToDictionary(m => m.Key, StringComparer.Ordinal);
        return byKey.GetValueOrDefault(key);
    }
}
