namespace Dbre.Lab.Services;

/// <summary>Errors that every service can answer, under the code and status that each service's protocol gives them.</summary>
internal static class ServiceErrors
{
    /// <summary>The code under which IAM refuses inside the lab; <see cref="InWordsOf"/> gives it the service's own name at the border.</summary>
    internal const string AccessDenied = "AccessDenied";

    private static readonly HashSet<string> QueryServices = ["rds", "ec2", "sns", "monitoring", "sts", "iam"];

    internal static bool SpeaksQuery(string service) => QueryServices.Contains(service);

    internal static ServiceException NoSuchService(string service, IEnumerable<string> emulated) => new(
        "UnknownService", $"The lab does not emulate the service '{service}'; it emulates: {string.Join(", ", emulated.Order(StringComparer.Ordinal))}.", 501);

    internal static ServiceException NoSuchOperation(string service, string operation) => new(
        SpeaksQuery(service) ? "InvalidAction" : "UnknownOperationException",
        $"The lab does not emulate the operation {operation} of {service}.");

    /// <summary>AccessDenied as the service's clients know it: Query and S3 answer 403 AccessDenied, SNS AuthorizationError, EC2 UnauthorizedOperation, JSON 400 AccessDeniedException.</summary>
    internal static ServiceException InWordsOf(string service, ServiceException refusal) => service switch
    {
        "sns" => new("AuthorizationError", refusal.Message, 403),
        "ec2" => new("UnauthorizedOperation", $"You are not authorized to perform this operation. {refusal.Message}", 403),
        "rds" or "monitoring" or "sts" or "iam" or "s3" => new(AccessDenied, refusal.Message, 403),
        "lambda" or "scheduler" or "sqs" => new("AccessDeniedException", refusal.Message, 403),
        _ => new("AccessDeniedException", refusal.Message),
    };
}
