using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Reads a response of the JSON protocols: members in headers, status and body.</summary>
internal sealed class JsonResponseReader(Operation operation, ErrorFactories errors) : JsonResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context)
    {
        var response = (AmazonWebServiceResponse)operation.Output.Create();
        foreach (var member in operation.Output.Members)
        {
            if (member.Location == Location.StatusCode)
            {
                member.Set(response, (int)context.ResponseData.StatusCode);
            }
            else if (member.Location == Location.Header && context.ResponseData.IsHeaderPresent(member.WireName))
            {
                member.Set(response, ScalarText.Parse((ScalarShape)member.Shape, context.ResponseData.GetHeaderValue(member.WireName), member.Name));
            }
        }

        ReadBody(context, response);
        return response;
    }

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var reader = new StreamingUtf8JsonReader(context.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
        return errors.Create(error, innerException, statusCode, (member, exception) =>
        {
            if (context.GetResponseBodyBytes() is { Length: > 0 } bytes)
            {
                using var body = JsonDocument.Parse(bytes);
                JsonReading.Members([member], body.RootElement, exception);
            }
        });
    }

    private void ReadBody(JsonUnmarshallerContext context, AmazonWebServiceResponse response)
    {
        var bytes = new MemoryStream();
        context.Stream.CopyTo(bytes);
        bytes.Position = 0;
        if (operation.Output.Payload is { Shape: ScalarShape } blob)
        {
            blob.Set(response, bytes);
            return;
        }

        if (bytes.Length == 0)
        {
            return;
        }

        using var body = JsonDocument.Parse(bytes);
        if (operation.Output.Payload is { } payload)
        {
            payload.Set(response, JsonReading.Value(payload.Shape, body.RootElement, payload.Name));
        }
        else
        {
            JsonReading.Members(operation.Output.Members.Where(m => m.Location == Location.Body), body.RootElement, response);
        }
    }
}
