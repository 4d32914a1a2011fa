using Microsoft.Extensions.Logging;

namespace AWS.Lambda.Powertools.Logging;

/// <summary>
/// Structured logs: one JSON object per line on standard output, with the invocation's keys, the keys appended for it,
/// and one key per named argument of the message template.
/// </summary>
public static class Logger
{
    private static readonly AsyncLocal<Dictionary<string, object?>?> Appended = new();

    /// <summary>Adds a key to every further line of this invocation; null or empty values are refused as the official package does.</summary>
    public static void AppendKey(string key, object value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(value);
        // A new dictionary: a parallel branch that appends does not change its siblings.
        Appended.Value = new Dictionary<string, object?>(Appended.Value ?? [], StringComparer.Ordinal) { [key] = value };
    }

    public static void AppendKeys(IEnumerable<KeyValuePair<string, object>> keys)
    {
        foreach (var (key, value) in keys)
        {
            AppendKey(key, value);
        }
    }

    public static void AppendKeys(IEnumerable<KeyValuePair<string, string>> keys) =>
        AppendKeys(keys.Select(k => KeyValuePair.Create(k.Key, (object)k.Value)));

    public static void RemoveKeys(params string[] keys) =>
        Appended.Value = Appended.Value?.Where(k => !keys.Contains(k.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);

    public static void RemoveAllKeys() => Appended.Value = null;

    public static IEnumerable<KeyValuePair<string, object?>> GetAllKeys() => Appended.Value ?? [];

    public static void LogTrace(string message, params object?[] args) => Log(LogLevel.Trace, null, message, args);

    public static void LogDebug(string message, params object?[] args) => Log(LogLevel.Debug, null, message, args);

    public static void LogInformation(string message, params object?[] args) => Log(LogLevel.Information, null, message, args);

    public static void LogWarning(string message, params object?[] args) => Log(LogLevel.Warning, null, message, args);

    public static void LogWarning(Exception exception, string message, params object?[] args) => Log(LogLevel.Warning, exception, message, args);

    public static void LogError(string message, params object?[] args) => Log(LogLevel.Error, null, message, args);

    public static void LogError(Exception exception, string message, params object?[] args) => Log(LogLevel.Error, exception, message, args);

    public static void LogError(Exception exception) => Log(LogLevel.Error, exception, exception.Message);

    public static void LogCritical(string message, params object?[] args) => Log(LogLevel.Critical, null, message, args);

    public static void LogCritical(Exception exception, string message, params object?[] args) => Log(LogLevel.Critical, exception, message, args);

    public static void Log(LogLevel logLevel, string message, params object?[] args) => Log(logLevel, null, message, args);

    public static void Log(LogLevel logLevel, Exception? exception, string message, params object?[] args)
    {
        if (logLevel != LogLevel.None && logLevel >= LoggerSettings.Current.Level)
        {
            // One write per line: lines of parallel tasks never mix.
            Console.Out.WriteLine(LogLine.Format(logLevel, exception, message, args, GetAllKeys(), LoggerSettings.Current));
        }
    }
}
