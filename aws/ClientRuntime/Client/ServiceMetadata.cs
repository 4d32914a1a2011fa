using Amazon.Runtime.Internal;

namespace AwsCompat.Client;

/// <summary>The service's name for metrics and the user agent.</summary>
public sealed class ServiceMetadata(string serviceId) : IServiceMetadata
{
    public string ServiceId { get; } = serviceId;

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
