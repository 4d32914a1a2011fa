using System.Collections;
using Amazon;

namespace AwsCompat.Shapes;

/// <summary>Whether a member was given.</summary>
internal static class Present
{
    /// <summary>Null when the member shall not be sent: it is null, or an empty collection where the SDK was told to make those itself.</summary>
    public static object? Value(Member member, object owner)
    {
        var value = member.Get(owner);
        return AWSConfigs.InitializeCollections && value is ICollection { Count: 0 } ? null : value;
    }
}
