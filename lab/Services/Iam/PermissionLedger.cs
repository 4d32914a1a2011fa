namespace Dbre.Lab.Services.Identity;

/// <summary>A permission that was used: which statement let which action through on which resource.</summary>
/// <param name="Owner">The role's ARN (or the user's).</param>
/// <param name="ActionPattern">The pattern in the statement that covered the action.</param>
public sealed record UsedPermission(string Owner, string Policy, int Statement, string ActionPattern, string Action, string Resource);

/// <summary>A permission that a role holds: one action pattern of one statement.</summary>
public sealed record HeldPermission(string Owner, string Policy, int Statement, string ActionPattern);

/// <summary>A request that IAM refused.</summary>
/// <param name="Message">AWS's sentence.</param>
public sealed record Denial(DateTimeOffset At, string PrincipalArn, string Action, string Resource, string Message);

/// <summary>Keeps what was used and what was refused, so that a test can say which permissions nothing needs.</summary>
internal sealed class PermissionLedger
{
    // The simulation asks millions of times: the set answers "seen before" without making the record again.
    private readonly HashSet<UsedPermission> used = [];
    private readonly HashSet<HeldPermission> exercised = [];
    private readonly List<Denial> denials = [];

    internal IReadOnlyCollection<UsedPermission> Used => used;

    internal IReadOnlyList<Denial> Denials => denials;

    internal void Use(UsedPermission permission)
    {
        if (used.Add(permission))
        {
            exercised.Add(new HeldPermission(permission.Owner, permission.Policy, permission.Statement, permission.ActionPattern));
        }
    }

    internal void Deny(Denial denial) => denials.Add(denial);

    internal IReadOnlyList<HeldPermission> NeverUsed(IamRole role) =>
        [.. role.Policies
            .SelectMany(p => p.Value.Statements.Where(s => s.Allow)
                .SelectMany(s => s.Actions.Select(a => new HeldPermission(role.Arn, p.Key, s.Index, a))))
            .Where(p => !exercised.Contains(p))];
}
