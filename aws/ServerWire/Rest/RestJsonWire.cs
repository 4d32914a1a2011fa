using System.Globalization;
using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>The REST-JSON protocol: the operation in method and path, members in path, query, headers and body.</summary>
internal sealed class RestJsonWire(ServiceModel model) : ModelWire(model)
{
    private const string ContentType = "application/json";

    protected override string UnknownOperationCode => "UnknownOperationException";

    private (Operation Operation, UriTemplate Path)[] Routes => field ??= [.. Model.Operations.Values.Select(o => (o, new UriTemplate(o.Uri)))];

    public override string ReadOperation(WireRequest request)
    {
        foreach (var (operation, path) in Routes)
        {
            if (operation.Method == request.Method && path.Match(request.Path) is not null)
            {
                return operation.Name;
            }
        }

        throw new WireFormatException(UnknownOperationCode, $"{request.Method} {request.Path} is not an operation of {SigningName} that is supported here.");
    }

    public override AmazonWebServiceRequest ReadRequest(string operation, WireRequest request)
    {
        var found = Find(operation);
        var target = Create(found);
        var labels = new UriTemplate(found.Uri).Match(request.Path)!;
        foreach (var member in found.Input.Members)
        {
            if (member.Location == Location.Uri)
            {
                member.Set(target, WireText.Parse((ScalarShape)member.Shape, labels[member.WireName], member.Name));
            }
            else if (member.Location == Location.Header && request.Headers.TryGetValue(member.WireName, out var text))
            {
                member.Set(target, WireText.Parse((ScalarShape)member.Shape, text, member.WireName));
            }
        }

        ReadQuery(found.Input, request.Query, target);
        ReadBody(found.Input, request.Body, target);
        RequiredMembers.Check(found.Input, target);
        return target;
    }

    public override WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId)
    {
        var found = Find(operation);
        var status = found.Status;
        var headers = new List<KeyValuePair<string, string>> { new("Content-Type", ContentType), new("x-amzn-RequestId", requestId) };
        foreach (var member in found.Output.Members)
        {
            if (member.Get(response) is not { } value)
            {
                continue;
            }

            if (member.Location == Location.Header)
            {
                headers.Add(new(member.WireName, ScalarText.Format(value, header: true)));
            }
            else if (member.Location == Location.StatusCode)
            {
                status = Convert.ToInt32(value, CultureInfo.InvariantCulture);
            }
        }

        return new WireResponse(status, headers, status == 204 ? ReadOnlyMemory<byte>.Empty : Body(found.Output, response));
    }

    public override WireResponse WriteError(string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null)
    {
        var (shape, values) = Describe(code, details);
        return JsonErrors.Respond(ContentType, shape, code, message, status, requestId, values, queryCompatible: false);
    }

    private static void ReadQuery(StructureShape shape, string query, object target)
    {
        foreach (var (key, text) in FormText.Read(query))
        {
            var member = shape.Members.FirstOrDefault(m => m.Location == Location.QueryString && m.WireName == key)
                ?? throw new WireFormatException("ValidationException", $"The parameter {key} is not recognized.");
            if (member.Shape is ListShape list)
            {
                var items = (System.Collections.IList?)member.Get(target) ?? list.Create();
                items.Add(WireText.Parse((ScalarShape)list.Item, text, key));
                member.Set(target, items);
            }
            else
            {
                member.Set(target, WireText.Parse((ScalarShape)member.Shape, text, key));
            }
        }
    }

    private static void ReadBody(StructureShape shape, ReadOnlyMemory<byte> body, object target)
    {
        if (shape.Payload is not { } payload)
        {
            JsonReading.Body(shape, body, target);
        }
        else if (payload.Shape is ScalarShape)
        {
            payload.Set(target, new MemoryStream(body.ToArray(), 0, body.Length, writable: true, publiclyVisible: true));
        }
        else if (!body.IsEmpty)
        {
            var structure = (StructureShape)payload.Shape;
            var part = structure.Create();
            JsonReading.Body(structure, body, part);
            payload.Set(target, part);
        }
    }

    private static ReadOnlyMemory<byte> Body(StructureShape shape, object response) => shape.Payload switch
    {
        null => JsonBody.Write(json =>
        {
            json.WriteStartObject();
            JsonWriting.Members(json, shape.Members.Where(m => m.Location == Location.Body), response);
            json.WriteEndObject();
        }),
        { Shape: ScalarShape } payload => ((MemoryStream?)payload.Get(response))?.ToArray() ?? [],
        var payload => JsonBody.Write(json => JsonWriting.Value(json, payload.Shape, payload.Get(response))),
    };
}
