using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>The JSON protocol, 1.0 and 1.1: the operation in a header, JSON both ways.</summary>
internal sealed class JsonWire(ServiceModel model) : ModelWire(model)
{
    public const string TargetHeader = "X-Amz-Target";

    private string ContentType => $"application/x-amz-json-{Model.JsonVersion}";

    protected override string UnknownOperationCode => "UnknownOperationException";

    public override string ReadOperation(WireRequest request)
    {
        var target = request.Headers.GetValueOrDefault(TargetHeader)
            ?? throw new WireFormatException(UnknownOperationCode, $"The request has no header {TargetHeader}, which names the operation.");
        var prefix = Model.TargetPrefix + ".";
        return target.StartsWith(prefix, StringComparison.Ordinal)
            ? Find(target[prefix.Length..]).Name
            : throw new WireFormatException(UnknownOperationCode, $"The target {target} is not an operation of {SigningName}: it should begin with {prefix}");
    }

    public override AmazonWebServiceRequest ReadRequest(string operation, WireRequest request)
    {
        var found = Find(operation);
        var target = Create(found);
        JsonReading.Body(found.Input, request.Body, target);
        RequiredMembers.Check(found.Input, target);
        return target;
    }

    public override WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId)
    {
        var body = JsonBody.Write(json => JsonWriting.Value(json, Find(operation).Output, response));
        return new WireResponse(200, [new("Content-Type", ContentType), new("x-amzn-RequestId", requestId)], body);
    }

    public override WireResponse WriteError(string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null)
    {
        var (shape, values) = Describe(code, details);
        return JsonErrors.Respond(ContentType, shape, code, message, status, requestId, values, Model.QueryCompatible);
    }
}
