using System.Text.Json;
using Amazon.Runtime.Internal;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Writes a JSON body.</summary>
internal static class JsonRequest
{
    public static void Write(IRequest request, string contentType, IEnumerable<Member> members, object owner) =>
        Write(request, contentType, json =>
        {
            json.WriteStartObject();
            JsonWriting.Members(json, members, owner);
            json.WriteEndObject();
        });

    public static void Write(IRequest request, string contentType, Action<Utf8JsonWriter> write)
    {
        request.Headers["Content-Type"] = contentType;
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        stream.Position = 0;
        request.ContentStream = stream;
    }
}
