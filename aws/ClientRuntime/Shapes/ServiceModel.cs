namespace AwsCompat.Shapes;

/// <summary>How a service's messages are written.</summary>
public enum Protocol
{
    Query,
    Ec2,
    Json,
    RestJson,
}

/// <summary>A service as its model describes it.</summary>
/// <param name="operations">Asked for when first needed.</param>
public sealed class ServiceModel(string signingName, Protocol protocol, Func<Operation[]> operations, Func<ErrorShape[]> errors)
{
    /// <summary>The service's name in a credential scope: <c>rds</c>, <c>states</c>, …</summary>
    public string SigningName { get; } = signingName;

    public Protocol Protocol { get; } = protocol;

    public required string ApiVersion { get; init; }

    /// <summary>1.0 or 1.1; empty for services without a JSON protocol.</summary>
    public string JsonVersion { get; init; } = "";

    /// <summary>What stands before the operation in <c>X-Amz-Target</c>; empty for services without a JSON-RPC protocol.</summary>
    public string TargetPrefix { get; init; } = "";

    public string XmlNamespace { get; init; } = "";

    /// <summary>True for a service that moved from query to JSON: its errors name the old code too.</summary>
    public bool QueryCompatible { get; init; }

    public IReadOnlyDictionary<string, Operation> Operations => field ??= operations().ToDictionary(o => o.Name, StringComparer.Ordinal);

    public IReadOnlyList<ErrorShape> Errors => field ??= errors();
}
