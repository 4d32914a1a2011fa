using System.Text;
using System.Xml;
using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>What the query protocol and EC2's share: parameters as a form (or, presigned, in the URL), responses as XML.</summary>
internal abstract class FormWire(ServiceModel model) : ModelWire(model)
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = false };

    protected override string UnknownOperationCode => "InvalidAction";

    public override string ReadOperation(WireRequest request)
    {
        var action = Parameters(request).FirstOrDefault(p => p.Key == "Action").Value
            ?? throw new WireFormatException("MissingAction", "The request must contain the parameter Action.");
        return Find(action).Name;
    }

    public override AmazonWebServiceRequest ReadRequest(string operation, WireRequest request)
    {
        var parameters = Parameters(request).ToList();
        var version = parameters.FirstOrDefault(p => p.Key == "Version").Value;
        if (version is not null && version != Model.ApiVersion)
        {
            throw new WireFormatException("InvalidAction", $"Could not find operation {operation} for version {version}; the version is {Model.ApiVersion}.");
        }

        var found = Find(operation);
        var target = Create(found);
        QueryReader.Read(found.Input, QueryNode.Build(parameters.Where(p => !IsEnvelope(p.Key, request.Method))), target);
        return target;
    }

    private static IEnumerable<KeyValuePair<string, string>> Parameters(WireRequest request) =>
        FormText.Read(request.Query).Concat(FormText.Read(Encoding.UTF8.GetString(request.Body.Span)));

    /// <summary>Parameters of the call itself. A presigned URL carries its signature, and RDS's the Region that it is meant for.</summary>
    private static bool IsEnvelope(string key, string method) =>
        key is "Action" or "Version"
        || (method == "GET" && (key == "DestinationRegion" || key.StartsWith("X-Amz-", StringComparison.Ordinal)));

    protected static WireResponse Respond(int status, string requestId, Action<XmlWriter> write)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            write(xml);
        }

        return new WireResponse(status, [new("Content-Type", "text/xml"), new("x-amzn-RequestId", requestId)], stream.ToArray());
    }
}
