namespace Dbre.Infra;

/// <summary>Where and how the system is deployed: the <c>context</c> of <c>cdk.json</c>, overridden by <c>-c key=value</c>.</summary>
/// <param name="Account">The account whose databases are protected.</param>
/// <param name="Region">The primary Region: databases, functions and state machines.</param>
/// <param name="RecoveryRegion">The recovery Region whose stack has the plain name; other Regions that the policies copy to get a suffix.</param>
/// <param name="EvidenceLockMode"><c>GOVERNANCE</c>, which a privileged person can lift, or <c>COMPLIANCE</c>, which nobody can.</param>
/// <param name="EvidenceLockDays">How long evidence cannot be deleted, in days.</param>
/// <param name="Vpcs">By Region; functions of a Region that is not here run outside a VPC.</param>
/// <param name="NotifyEmail">An address that is subscribed to the topic; null means that nobody is.</param>
public sealed record Settings(
    string Account, string Region, string RecoveryRegion, string EvidenceLockMode, int EvidenceLockDays,
    IReadOnlyDictionary<string, Vpc> Vpcs, string? NotifyEmail);
