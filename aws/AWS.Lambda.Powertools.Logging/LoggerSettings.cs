using Microsoft.Extensions.Logging;

namespace AWS.Lambda.Powertools.Logging;

/// <summary>The logger's settings, from the variables that Powertools names.</summary>
/// <param name="Service">POWERTOOLS_SERVICE_NAME; <c>service_undefined</c> when not set.</param>
/// <param name="Level">POWERTOOLS_LOG_LEVEL: the least level written. Information when not set.</param>
internal sealed record LoggerSettings(string Service, LogLevel Level, TimeProvider Clock)
{
    public static LoggerSettings Current { get; } = new(
        Environment.GetEnvironmentVariable("POWERTOOLS_SERVICE_NAME") ?? "service_undefined",
        Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("POWERTOOLS_LOG_LEVEL"), ignoreCase: true, out var level) ? level : LogLevel.Information,
        TimeProvider.System);
}
