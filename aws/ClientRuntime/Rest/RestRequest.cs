using System.Collections;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Writes a request of the REST-JSON protocol: members in path, query, headers and body.</summary>
internal static class RestRequest
{
    public static void Write(IRequest request, StructureShape shape, object input)
    {
        foreach (var member in shape.Members)
        {
            var value = member.Get(input);
            switch (member.Location)
            {
                case Location.Uri:
                    request.AddPathResource($"{{{member.WireName}}}", value is null or "" || value.ToString() is ""
                        ? throw new AmazonClientException($"Request object does not have required field {member.Name} set")
                        : ScalarText.Format(value));
                    break;
                case Location.QueryString when value is not null:
                    request.UseQueryString = true;
                    Query(request, member, value);
                    break;
                case Location.Header when value is not null:
                    request.Headers[member.WireName] = ScalarText.Format(value, header: true);
                    break;
            }
        }

        Body(request, shape, input);
    }

    private static void Query(IRequest request, Member member, object value)
    {
        if (member.Shape is ListShape)
        {
            request.ParameterCollection.Add(member.WireName, [.. ((IEnumerable)value).Cast<object>().Select(v => ScalarText.Format(v))]);
        }
        else
        {
            request.Parameters.Add(member.WireName, ScalarText.Format(value));
        }
    }

    private static void Body(IRequest request, StructureShape shape, object input)
    {
        const string Json = "application/json";
        var members = shape.Members.Where(m => m.Location == Location.Body).ToList();
        switch (shape.Payload)
        {
            case null when members.Count > 0:
                JsonRequest.Write(request, Json, members, input);
                break;
            case { Shape: ScalarShape } blob:
                request.ContentStream = (Stream?)blob.Get(input) ?? new MemoryStream();
                request.Headers["Content-Type"] = "application/octet-stream";
                break;
            case { } payload when payload.Get(input) is { } value:
                JsonRequest.Write(request, Json, json => JsonWriting.Value(json, payload.Shape, value));
                break;
        }
    }
}
