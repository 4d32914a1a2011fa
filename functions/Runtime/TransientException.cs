using System.Data.Common;
using System.Net;

using Amazon.Runtime;

namespace Dbre.Functions.Runtime;

/// <summary>
/// Something that is likely to work a little later: throttling, a fault inside AWS, a call that was not answered in time, a database that is just
/// starting, a function that another called and that did not come to its end. State machines retry it, by this name; every other exception of a
/// function ends its step.
/// </summary>
public sealed class TransientException(string message, Exception? cause = null) : Exception(message, cause)
{
    private static readonly HashSet<string> Throttling = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "RequestThrottled",
        "ProvisionedThroughputExceededException", "TransactionConflictException", "SlowDown", "ConditionalRequestConflict",
    };

    // How Lambda names the end of a process that was killed or took too long (AWS Lambda Developer Guide, "Troubleshoot invocation issues").
    private static readonly HashSet<string> CutShort = new(StringComparer.Ordinal) { nameof(TransientException), "Runtime.ExitError", "Sandbox.Timedout" };

    /// <summary>Whether the error document of a function that was called says that calling it again may help.</summary>
    public static bool CoversErrorType(string? errorType) => CutShort.Contains(errorType ?? "");

    public static bool Covers(Exception exception) => exception switch
    {
        AmazonServiceException aws => (int)aws.StatusCode >= (int)HttpStatusCode.InternalServerError || Throttling.Contains(aws.ErrorCode ?? ""),
        DbException database => database.IsTransient,
        HttpRequestException or IOException or OperationCanceledException => true,
        _ => false,
    };
}
