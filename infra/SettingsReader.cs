using System.Globalization;
using System.Text.RegularExpressions;

namespace Dbre.Infra;

/// <summary>Reads <see cref="Settings"/> from context values; an unknown key or a value out of range is refused by name.</summary>
public static partial class SettingsReader
{
    private static readonly IReadOnlyList<string> Keys =
        ["account", "region", "recoveryRegion", "evidenceLockMode", "evidenceLockDays", Subnets, SecurityGroups, "notifyEmail"];

    // Alone for the primary Region; for another, with its name behind a dot: vpcSubnetIds.eu-west-1.
    private const string Subnets = "vpcSubnetIds";
    private const string SecurityGroups = "vpcSecurityGroupIds";

    /// <exception cref="SynthesisException">A key is unknown or a value is not allowed.</exception>
    public static Settings Read(IReadOnlyDictionary<string, string> context)
    {
        // The CDK adds keys of its own, such as aws:cdk:enable-path-metadata and @aws-cdk/core:target-partitions.
        if (context.Keys.FirstOrDefault(key => !Keys.Contains(key.Split('.')[0]) && !key.Contains(':') && !key.StartsWith('@')) is { } unknown)
        {
            throw new SynthesisException($"Context has the unknown key '{unknown}'; allowed are {string.Join(", ", Keys)}.");
        }

        var settings = new Settings(
            Matching(context, "account", "111111111111", Account(), "the 12 digits of an AWS account id"),
            Matching(context, "region", "us-east-1", Region(), "a Region such as us-east-1"),
            Matching(context, "recoveryRegion", "eu-west-1", Region(), "a Region such as eu-west-1"),
            Matching(context, "evidenceLockMode", "GOVERNANCE", LockMode(), "GOVERNANCE or COMPLIANCE"),
            int.Parse(Matching(context, "evidenceLockDays", "400", Days(), "1 to 36500 days"), CultureInfo.InvariantCulture),
            VpcsOf(context),
            context.GetValueOrDefault("notifyEmail") is { Length: > 0 } email ? email : null);
        return settings.Region == settings.RecoveryRegion
            ? throw new SynthesisException($"Context recoveryRegion is '{settings.RecoveryRegion}', which is the primary Region; it must be another one.")
            : settings;
    }

    private static string Matching(IReadOnlyDictionary<string, string> context, string key, string otherwise, Regex allowed, string inWords)
    {
        var value = context.GetValueOrDefault(key, otherwise);
        return allowed.IsMatch(value) ? value : throw new SynthesisException($"Context {key} is '{value}'; allowed is {inWords}.");
    }

    private static SortedDictionary<string, Vpc> VpcsOf(IReadOnlyDictionary<string, string> context)
    {
        var vpcs = new SortedDictionary<string, Vpc>(StringComparer.Ordinal);
        foreach (var suffix in context.Keys.Where(key => key.Split('.')[0] is Subnets or SecurityGroups).Select(key => key[key.Split('.')[0].Length..]).Distinct())
        {
            var vpc = new Vpc(List(context, Subnets + suffix), List(context, SecurityGroups + suffix));
            if (vpc.SubnetIds.Count == 0 != (vpc.SecurityGroupIds.Count == 0))
            {
                throw new SynthesisException($"Context has one of {Subnets}{suffix} and {SecurityGroups}{suffix}; functions in a VPC need both.");
            }

            if (vpc.SubnetIds.Count > 0)
            {
                vpcs[suffix.Length == 0 ? context.GetValueOrDefault("region", "us-east-1") : suffix[1..]] = vpc;
            }
        }

        return vpcs;
    }

    private static string[] List(IReadOnlyDictionary<string, string> context, string key) =>
        context.GetValueOrDefault(key, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex Account();

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9]$")]
    private static partial Regex Region();

    [GeneratedRegex("^(GOVERNANCE|COMPLIANCE)$")]
    private static partial Regex LockMode();

    [GeneratedRegex("^([1-9][0-9]{0,3}|[12][0-9]{4}|3[0-5][0-9]{3}|36[0-4][0-9]{2}|36500)$")]
    private static partial Regex Days();
}
