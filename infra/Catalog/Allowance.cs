namespace Dbre.Infra.Catalog;

/// <summary>Actions that a role may take on one resource.</summary>
/// <param name="Actions">IAM actions, without wildcards.</param>
/// <param name="On">The resource's ARN, with <c>${…}</c> tokens; null is every resource, and then <paramref name="Why"/> says why.</param>
/// <param name="Why">Why there is no narrower scope.</param>
public sealed record Allowance(IReadOnlyList<string> Actions, string? On, string? Why);
