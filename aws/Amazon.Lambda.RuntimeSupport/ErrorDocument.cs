using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An exception as Lambda shows it to the caller: <c>errorType</c> is what a state machine's Retry and Catch name.</summary>
internal static class ErrorDocument
{
    public static byte[] Of(Exception exception)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, exception);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Exception exception)
    {
        writer.WriteStartObject();
        writer.WriteString("errorType", exception.GetType().Name);
        writer.WriteString("errorMessage", exception.Message);
        writer.WriteStartArray("stackTrace");
        foreach (var line in (exception.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
        if (exception.InnerException is { } inner)
        {
            writer.WritePropertyName("cause");
            Write(writer, inner);
        }

        writer.WriteEndObject();
    }
}
