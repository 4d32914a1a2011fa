namespace Dbre.Infra.Catalog;

/// <summary>Actions that a role may take on one resource.</summary>
/// <param name="Actions">IAM actions, without wildcards.</param>
/// <param name="On">The resource's ARN, with <c>${…}</c> tokens; null is every resource, and then <paramref name="Why"/> says why.</param>
/// <param name="Why">Why there is no narrower scope.</param>
public sealed record Allowance(IReadOnlyList<string> Actions, string? On, string? Why)
{
    /// <summary>A condition, <c>key=value</c>, that a request must meet; null is none.</summary>
    public string? If { get; init; }

    /// <summary>For the function's own account alone.</summary>
    public bool OwnAccount { get; init; }

    /// <summary>The same with what its tokens stand for.</summary>
    public Allowance Filled(Func<string, string> fill) => this with { On = On is null ? null : fill(On), If = If is null ? null : fill(If) };

    /// <summary>The condition as a policy has it; null is none.</summary>
    public Dictionary<string, object>? Condition => If?.Split('=', 2) is [var key, var value]
        ? new Dictionary<string, object> { ["StringEquals"] = new Dictionary<string, object> { [key] = value } }
        : null;
}
