using Dbre.Infra.Catalog;

namespace Dbre.Infra.Naming;

/// <summary>
/// The names and ARNs of what is deployed to one account and Region. They are fixed, not generated, so that a function may know the state
/// machine that invokes it (a generated name would make the two depend on each other), and the recovery Region the primary.
/// </summary>
/// <param name="Partition"><c>aws</c>, or the reference that stands for it in a template.</param>
/// <param name="Account">The account.</param>
/// <param name="Region">The Region.</param>
public sealed record Deployed(string Partition, string Account, string Region)
{
    public const string LedgerTable = "dbre-ledger";
    public const string TopicName = "dbre-notifications";
    public const string KeyAlias = "alias/dbre";
    public const string ScheduleGroup = "dbre";
    public const string UndeliveredQueue = "dbre-undelivered";
    public const string CopyTargetRole = "dbre-copy-target";

    public string EvidenceBucket => $"dbre-evidence-{Account}-{Region}";
    public string RunBucket => $"dbre-runs-{Account}-{Region}";
    public string LedgerTableArn => Arn("dynamodb", $"table/{LedgerTable}");
    public string TopicArn => Arn("sns", TopicName);

    public string FunctionArn(FunctionSpec function) => Arn("lambda", $"function:{function.Name}");

    /// <param name="flow">Its executions; with a label behind a slash, those that a Distributed Map of it starts.</param>
    public string ExecutionsArn(string flow) => Arn("states", $"execution:{flow}:*");

    public string StateMachineArn(string flow) => Arn("states", $"stateMachine:{flow}");

    public string RoleArn(string role) => $"arn:{Partition}:iam::{Account}:role/{role}";

    public static string LogGroup(FunctionSpec function) => $"/aws/lambda/{function.Name}";

    public string LogGroupArn(FunctionSpec function) => Arn("logs", $"log-group:{LogGroup(function)}");

    private string Arn(string service, string resource) => $"arn:{Partition}:{service}:{Region}:{Account}:{resource}";
}
