using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Errors of the JSON protocols.</summary>
internal static class JsonErrors
{
    /// <summary>The body and the headers of an error.</summary>
    public static WireResponse Respond(
        string contentType, ErrorShape? shape, string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?> details, bool queryCompatible)
    {
        var name = shape?.Name ?? code;
        var body = JsonBody.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("__type", name);
            json.WriteString("message", message);
            if (shape is not null && details.Count > 0)
            {
                JsonWriting.Members(json, shape.Members, details);
            }

            json.WriteEndObject();
        });
        var headers = new List<KeyValuePair<string, string>>
        {
            new("Content-Type", contentType),
            new("x-amzn-RequestId", requestId),
            new("x-amzn-ErrorType", name),
        };
        if (queryCompatible)
        {
            // Clients written for the old protocol go by the old code: QueueDoesNotExist was AWS.SimpleQueueService.NonExistentQueue.
            headers.Add(new("x-amzn-query-error", $"{shape?.Code ?? code};{(status >= 500 ? "Receiver" : "Sender")}"));
        }

        return new WireResponse(status, headers, body);
    }
}
