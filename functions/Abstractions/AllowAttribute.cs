namespace Dbre.Functions.Abstractions;

/// <summary>
/// One permission that a function needs, stated on its class and read by the CDK app: the function's role holds these and no others.
/// </summary>
/// <param name="actions">IAM actions, such as <c>rds:CopyDBSnapshot</c>. Wildcards are refused at synth.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AllowAttribute(params string[] actions) : Attribute
{
    public IReadOnlyList<string> Actions { get; } = actions;

    /// <summary>
    /// The resource ARN. <c>${Partition}</c>, <c>${Region}</c>, <c>${Account}</c>, <c>${LedgerTable}</c> (its ARN), <c>${EvidenceBucket}</c> and <c>${RunBucket}</c> (their names),
    /// <c>${Topic}</c> (its ARN), <c>${Key}</c> (the ARN of the Region's own key), <c>${Function:Class}</c> and <c>${StateMachine:flow}</c> (ARNs), <c>${Executions:flow}</c> and
    /// <c>${Executions:flow/label}</c> (a machine's executions, and those of its Distributed Map) are filled in at synth. Null is "*", which needs a <see cref="Why"/>.
    /// </summary>
    public string? On { get; init; }

    /// <summary>
    /// A condition: <c>key=value</c>, such as <c>iam:PassedToService=monitoring.rds.amazonaws.com</c>. The same tokens are filled in. Null is none.
    /// </summary>
    public string? If { get; init; }

    /// <summary>For this account alone: the role in which a function acts in another account goes without. So does it with what names its own Region.</summary>
    public bool OwnAccount { get; init; }

    /// <summary>Why the permission has no narrower scope.</summary>
    public string? Why { get; init; }
}
