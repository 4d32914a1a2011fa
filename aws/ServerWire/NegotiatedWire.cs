using Amazon.Runtime;

namespace AwsCompat.Server;

/// <summary>A service that is moving from query to JSON (CloudWatch): it is answered as it was asked, which the target header tells.</summary>
internal sealed class NegotiatedWire(ServiceWire query, ServiceWire json) : ServiceWire
{
    public override string SigningName => query.SigningName;

    public override ServiceWire For(WireRequest request) => request.Headers.ContainsKey(JsonWire.TargetHeader) ? json : query;

    public override string ReadOperation(WireRequest request) => For(request).ReadOperation(request);

    public override AmazonWebServiceRequest ReadRequest(string operation, WireRequest request) => For(request).ReadRequest(operation, request);

    public override WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId) =>
        query.WriteResponse(operation, response, requestId);

    public override WireResponse WriteError(string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null) =>
        query.WriteError(code, message, status, requestId, details);
}
