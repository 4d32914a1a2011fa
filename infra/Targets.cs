namespace Dbre.Infra;

/// <summary>Where the policies copy to.</summary>
public static class Targets
{
    /// <summary>The Regions of our own account, the primary one aside; always at least the recovery Region.</summary>
    public static IReadOnlyList<string> RecoveryRegions(this Sources sources) =>
    [
        .. sources.Policies.SelectMany(policy => policy.Copies)
            .Where(copy => copy.Account is null || copy.Account == sources.Settings.Account).Select(copy => copy.Region)
            .Append(sources.Settings.RecoveryRegion).Where(region => region != sources.Settings.Region).Distinct().Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> OtherAccounts(this Sources sources) => [.. sources.OtherAccountRegions().Select(target => target.Account).Distinct()];

    /// <summary>The Regions of other accounts, in a stable order.</summary>
    public static IReadOnlyList<(string Account, string Region)> OtherAccountRegions(this Sources sources) =>
    [
        .. sources.Policies.SelectMany(policy => policy.Copies).Where(copy => copy.Account is not null && copy.Account != sources.Settings.Account)
            .Select(copy => (copy.Account!, copy.Region)).Distinct().OrderBy(target => target.Item1, StringComparer.Ordinal).ThenBy(target => target.Region, StringComparer.Ordinal),
    ];
}
