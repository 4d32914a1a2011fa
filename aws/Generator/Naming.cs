using System.Text.RegularExpressions;

namespace AwsCompat.Generator;

/// <summary>AWS's names in the model → the names that the official .NET packages give them.</summary>
internal static partial class Naming
{
    /// <summary>Classes that the official packages call otherwise, by service id and shape.</summary>
    private static readonly Dictionary<(string Service, string Shape), string> Classes = new()
    {
        [("Lambda", "VpcConfigResponse")] = "VpcConfigDetail",
    };

    /// <summary>Properties that the official packages call otherwise, by service id, shape and member.</summary>
    private static readonly Dictionary<(string Service, string Shape, string Member), string> Properties = new()
    {
        // Payload and ClientContext are strings there, beside these two (AWSSDK.Lambda/InvokeRequest.cs).
        [("Lambda", "InvocationRequest", "Payload")] = "PayloadStream",
        [("Lambda", "InvocationRequest", "ClientContext")] = "ClientContextBase64",
        [("EC2", "IpPermission", "IpRanges")] = "Ipv4Ranges",
        // A property cannot be named as its class.
        [("EC2", "PrefixListId", "PrefixListId")] = "Id",
    };

    /// <summary>Codes of the query protocol that a model no longer has since its service left that protocol (Amazon SQS's API reference).</summary>
    private static readonly Dictionary<(string Service, string Error), string> FormerCodes = new()
    {
        [("SQS", "PurgeQueueInProgress")] = "AWS.SimpleQueueService.PurgeQueueInProgress",
        [("SQS", "QueueDeletedRecently")] = "AWS.SimpleQueueService.QueueDeletedRecently",
        [("SQS", "QueueDoesNotExist")] = "AWS.SimpleQueueService.NonExistentQueue",
        [("SQS", "QueueNameExists")] = "QueueAlreadyExists",
        [("SQS", "UnsupportedOperation")] = "AWS.SimpleQueueService.UnsupportedOperation",
    };

    /// <summary>The code of an error in the query protocol.</summary>
    public static string QueryCode(ServiceDefinition service, ShapeDefinition error) =>
        error.ErrorCode ?? FormerCodes.GetValueOrDefault((service.ServiceId, error.Name)) ?? error.Name;

    public static string Class(ServiceDefinition service, ShapeDefinition shape) =>
        shape.IsException ? Exception(shape.Name) : Classes.GetValueOrDefault((service.ServiceId, shape.Name)) ?? Capital(shape.Name);

    public static string Property(ServiceDefinition service, ShapeDefinition owner, MemberDefinition member) =>
        Properties.GetValueOrDefault((service.ServiceId, owner.Name, member.Name)) ?? Capital(member.Name);

    /// <summary>A member's key in a request of the EC2 protocol, whose names begin with a capital; null where it is that of the response.</summary>
    public static string? Ec2Key(MemberDefinition member)
    {
        var key = member.QueryName ?? Capital(member.LocationName ?? member.Name);
        return key == (member.LocationName ?? member.Name) ? null : key;
    }

    /// <summary>"…Exception" stays, "…Fault" becomes "…Exception", anything else gets it appended.</summary>
    public static string Exception(string shape) =>
        shape.EndsWith("Exception", StringComparison.Ordinal) ? Capital(shape)
        : shape.EndsWith("Fault", StringComparison.Ordinal) ? Capital(shape[..^"Fault".Length]) + "Exception"
        : Capital(shape) + "Exception";

    /// <summary>The constant for a value of an enumeration: letters, digits and underscores, words capitalized.</summary>
    public static string Constant(string value)
    {
        var name = string.Concat(NotInNames().Split(value).Where(word => word.Length > 0).Select(Capital));
        return char.IsDigit(name[0]) ? "_" + name : name;
    }

    public static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotInNames();
}
