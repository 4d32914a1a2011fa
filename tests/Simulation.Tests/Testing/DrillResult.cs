using Dbre.Lab.Services.Identity;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>What came of a drill.</summary>
/// <param name="Roles">With the policies that they had at the end.</param>
/// <param name="Used">The permissions that let a request through.</param>
/// <param name="DeadLetters">Why starts were not delivered, as the messages in the queue say.</param>
/// <param name="Records">The reason that each evidence record gives, by flow and execution.</param>
/// <param name="LabFaults">What went wrong in the lab itself.</param>
internal sealed record DrillResult(
    IReadOnlyList<IamRole> Roles, IReadOnlySet<HeldPermission> Used, IReadOnlyList<Denial> Denials, IReadOnlyList<DrillRun> Runs,
    IReadOnlyList<string> DeadLetters, IReadOnlyDictionary<(string Flow, string Name), string> Records, IReadOnlyList<string> LabFaults)
{
    /// <summary>Every action of every Allow statement of every role.</summary>
    public IEnumerable<HeldPermission> Held => Roles.SelectMany(role => role.Policies.SelectMany(policy => policy.Value.Statements.Where(statement => statement.Allow)
        .SelectMany(statement => statement.Actions.Select(action => new HeldPermission(role.Arn, policy.Key, statement.Index, action)))));

    /// <summary>Whether somebody refused a request for want of a permission.</summary>
    public bool Refused(HeldPermission permission) => Denials.Any(denial => Names(denial.Message, permission));

    /// <summary>The executions that failed and say that it was for want of a permission.</summary>
    public IEnumerable<DrillRun> FailedFor(HeldPermission permission) => Runs.Where(run => run.Status == "FAILED" && Names(run.Cause, permission));

    /// <summary>Whether what somebody reads in the morning names a permission: why executions failed, and why starts were not delivered.</summary>
    public bool Tells(HeldPermission permission) => FailedFor(permission).Any() || DeadLetters.Any(letter => Names(letter, permission));

    /// <summary>Whether the evidence names a permission as the reason of an execution.</summary>
    public bool IsRecorded(DrillRun run, HeldPermission permission) => Records.TryGetValue((run.Flow, run.Name), out var reason) && Names(reason, permission);

    /// <summary>IAM's sentence has the role's session, the action, and the resource.</summary>
    private static bool Names(string sentence, HeldPermission permission) =>
        sentence.Contains($":assumed-role/{permission.Role()}/", StringComparison.Ordinal)
        && sentence.Contains($" is not authorized to perform: {permission.ActionPattern} ", StringComparison.Ordinal);
}

/// <summary>One execution of a flow.</summary>
internal sealed record DrillRun(string Flow, string Name, string Status, string Cause);

internal static class HeldPermissionNames
{
    /// <summary>The name of the role that holds it.</summary>
    public static string Role(this HeldPermission permission) => permission.Owner[(permission.Owner.LastIndexOf('/') + 1)..];
}
