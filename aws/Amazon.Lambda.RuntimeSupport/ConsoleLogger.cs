using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Log lines on standard output, which Lambda carries to CloudWatch: tab-separated text, or one JSON object per line
/// when the function's log format is JSON (AWS_LAMBDA_LOG_FORMAT).
/// </summary>
internal sealed class ConsoleLogger(string requestId, bool json, TimeProvider clock) : ILambdaLogger
{
    public void Log(string message) => Console.Out.Write(message);

    public void LogLine(string message) => Log(nameof(LogLevel.Information), message);

    public void Log(string level, string message)
    {
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        // One write per line: lines of parallel tasks never mix.
        Console.Out.WriteLine(json ? Json(time, level, message) : $"{time}\t{requestId}\t{Short(level)}\t{message}");
    }

    /// <summary>The four-letter names that the managed .NET runtime writes.</summary>
    private static string Short(string level) => level switch
    {
        nameof(LogLevel.Trace) => "trce",
        nameof(LogLevel.Debug) => "dbug",
        nameof(LogLevel.Information) => "info",
        nameof(LogLevel.Warning) => "warn",
        nameof(LogLevel.Error) => "fail",
        nameof(LogLevel.Critical) => "crit",
        _ => level,
    };

    private string Json(string time, string level, string message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp", time);
            writer.WriteString("level", level);
            writer.WriteString("requestId", requestId);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
