using Amazon.CDK.AWS.IAM;

using Constructs;

using Dbre.Infra.Catalog;

namespace Dbre.Infra.Constructs;

/// <summary>
/// A role with one inline policy and nothing else. A permission on every resource takes its reason along, in the resource's metadata,
/// so that a reader of the template need not look for the code.
/// </summary>
public sealed class RoleWithReasons : Construct
{
    /// <summary>The metadata key: a list of actions and why they have no narrower scope.</summary>
    public const string WhyKey = "dbre:why";

    /// <param name="scope">The parent.</param>
    /// <param name="id">The construct's id.</param>
    /// <param name="roleName">Fixed, because other stacks and trust policies name it.</param>
    /// <param name="assumedBy">Who may take the role.</param>
    /// <param name="permissions">With their ARNs filled in.</param>
    public RoleWithReasons(Construct scope, string id, string roleName, IPrincipal assumedBy, IReadOnlyList<Allowance> permissions) : base(scope, id)
    {
        var role = new Role(this, "Role", new RoleProps
        {
            RoleName = roleName,
            AssumedBy = assumedBy,
            InlinePolicies = new Dictionary<string, PolicyDocument>
            {
                ["allowed"] = new(new PolicyDocumentProps { Statements = [.. permissions.Select(Statement)] }),
            },
        });
        var reasons = permissions.Where(permission => permission.On is null)
            .Select(permission => new Dictionary<string, object> { ["Action"] = permission.Actions.ToArray(), ["Why"] = permission.Why! }).ToArray<object>();
        if (reasons.Length > 0)
        {
            ((CfnRole)role.Node.DefaultChild!).AddMetadata(WhyKey, reasons);
        }

        Role = role;
    }

    public Role Role { get; }

    private static PolicyStatement Statement(Allowance permission) => new(new PolicyStatementProps
    {
        Actions = [.. permission.Actions],
        Resources = [permission.On ?? "*"],
        Conditions = permission.Condition,
    });
}
