using Microsoft.Extensions.Logging;

namespace AWS.Lambda.Powertools.Logging;

/// <summary>
/// Marks a handler whose log lines carry the invocation's keys. The official package weaves it into the method; here every
/// invocation's lines carry those keys anyway, so the attribute only documents, and <c>POWERTOOLS_SERVICE_NAME</c> and
/// <c>POWERTOOLS_LOG_LEVEL</c> set the service and the level.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoggingAttribute : Attribute
{
    public string? Service { get; set; }

    public LogLevel LogLevel { get; set; } = LogLevel.None;

    /// <summary>True to have the official package remove keys after each invocation; here they always are.</summary>
    public bool ClearState { get; set; }
}
