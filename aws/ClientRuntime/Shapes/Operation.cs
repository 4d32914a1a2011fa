namespace AwsCompat.Shapes;

/// <summary>An operation of a service.</summary>
/// <param name="Name">AWS's name; request and response classes begin with it.</param>
/// <param name="Input">The request class.</param>
/// <param name="Output">The response class.</param>
public sealed record Operation(string Name, StructureShape Input, StructureShape Output)
{
    public string Method { get; init; } = "POST";

    /// <summary>The path with its labels, as in <c>/schedules/{Name}</c>.</summary>
    public string Uri { get; init; } = "/";

    /// <summary>The HTTP status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The element around the result (query and XML); null when the response carries none.</summary>
    public string? ResultWrapper { get; init; }

    /// <summary>Put before the endpoint's host name; null when the service has one host.</summary>
    public string? HostPrefix { get; init; }
}
