using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AWS.Lambda.Powertools.Logging;

/// <summary>Writes one line. Keys have Powertools' names, so that its users' queries and dashboards work.</summary>
internal static class LogLine
{
    // Readable in a log viewer: quotes and non-ASCII letters stay as they are. The line is never part of a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(
        LogLevel level, Exception? exception, string template, object?[] arguments, IEnumerable<KeyValuePair<string, object?>> keys, LoggerSettings settings)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("level", level.ToString());
            writer.WriteString("message", MessageTemplate.Format(template, arguments));
            writer.WriteString("timestamp", settings.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("service", settings.Service);
            WriteInvocation(writer, Invocation.Current);
            WriteExtras(writer, template, arguments, keys);
            if (exception is not null)
            {
                writer.WritePropertyName("exception");
                WriteException(writer, exception);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteInvocation(Utf8JsonWriter writer, Invocation? invocation)
    {
        if (invocation is null)
        {
            return;
        }

        var context = invocation.Context;
        writer.WriteBoolean("cold_start", invocation.ColdStart);
        writer.WriteString("function_name", context.FunctionName);
        writer.WriteString("function_version", context.FunctionVersion);
        writer.WriteNumber("function_memory_size", context.MemoryLimitInMB);
        writer.WriteString("function_arn", context.InvokedFunctionArn);
        writer.WriteString("function_request_id", context.AwsRequestId);
        if (invocation.TraceHeader is { } trace)
        {
            // "Root=1-…;Parent=…;Sampled=1": Powertools writes the root's value.
            var root = trace.Split(';').FirstOrDefault(p => p.StartsWith("Root=", StringComparison.Ordinal));
            writer.WriteString("xray_trace_id", root is null ? trace : root["Root=".Length..]);
        }
    }

    /// <summary>The last of two values with one key wins, so that a line is always an object with distinct keys.</summary>
    private static void WriteExtras(Utf8JsonWriter writer, string template, object?[] arguments, IEnumerable<KeyValuePair<string, object?>> keys)
    {
        var extras = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            extras[key] = value;
        }

        foreach (var (name, value) in MessageTemplate.Names(template).Zip(arguments))
        {
            extras[name] = value;
        }

        foreach (var (key, value) in extras)
        {
            writer.WritePropertyName(key);
            WriteValue(writer, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int or long or short or byte: writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case DateTime time: writer.WriteStringValue(time); break;
            case DateTimeOffset time: writer.WriteStringValue(time); break;
            case IEnumerable<string> texts:
                writer.WriteStartArray();
                foreach (var text in texts)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteException(Utf8JsonWriter writer, Exception exception)
    {
        writer.WriteStartObject();
        writer.WriteString("type", exception.GetType().FullName);
        writer.WriteString("source", exception.Source);
        writer.WriteString("message", exception.Message);
        writer.WriteString("stack_trace", exception.StackTrace);
        if (exception.InnerException is { } inner)
        {
            writer.WritePropertyName("inner_exception");
            WriteException(writer, inner);
        }

        writer.WriteEndObject();
    }
}
