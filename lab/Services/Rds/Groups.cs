using System.Text.RegularExpressions;

using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <summary>The subnet groups and option groups of one account and Region; <c>default</c> ones are there from the start, as in an account with a default VPC.</summary>
internal sealed partial class Groups
{
    private readonly string account, region;

    internal Groups(string account, string region)
    {
        (this.account, this.region) = (account, region);
        AddSubnetGroup("default", "default", [$"subnet-{region}-a", $"subnet-{region}-b"], TagSet.Of(null));
    }

    internal SortedDictionary<string, (DBSubnetGroup Shape, TagSet Tags)> Subnets { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, (OptionGroup Shape, TagSet Tags)> Options { get; } = new(StringComparer.Ordinal);

    /// <summary>Parameter groups of instances that were made; the default ones are of every family.</summary>
    internal SortedDictionary<string, (DBParameterGroup Shape, TagSet Tags)> Parameters { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, (DBClusterParameterGroup Shape, TagSet Tags)> ClusterParameters { get; } = new(StringComparer.Ordinal);

    internal static string VpcOf(string region) => "vpc-" + region;

    /// <summary>The name of the option group that a database gets when none is asked for.</summary>
    internal static string DefaultOptions(string engine, string version) => $"default:{engine}-{EngineFacts.MajorVersion(engine, version).Replace('.', '-')}";

    internal static string DefaultParameters(string engine, string version) => $"default.{engine}{EngineFacts.MajorVersion(engine, version)}";

    internal DBSubnetGroup AddSubnetGroup(string name, string description, IReadOnlyList<string> subnets, TagSet tags)
    {
        var shape = new DBSubnetGroup
        {
            DBSubnetGroupName = name,
            DBSubnetGroupDescription = description,
            DBSubnetGroupArn = $"arn:aws:rds:{region}:{account}:subgrp:{name}",
            VpcId = VpcOf(region),
            SubnetGroupStatus = "Complete",
            SupportedNetworkTypes = ["IPV4"],
            Subnets =
            [
                .. subnets.Select((id, n) => new Subnet
                {
                    SubnetIdentifier = id, SubnetStatus = "Active", SubnetAvailabilityZone = new AvailabilityZone { Name = region + (char)('a' + (n % 3)) },
                }),
            ],
        };
        Subnets.Add(name, (shape, tags));
        return shape;
    }

    /// <exception cref="ServiceException">DBSubnetGroupNotFoundFault.</exception>
    internal DBSubnetGroup SubnetGroup(string? name)
    {
        var wanted = (name ?? "default").ToLowerInvariant();
        return Subnets.TryGetValue(wanted, out var found)
            ? found.Shape
            : throw new ServiceException("DBSubnetGroupNotFoundFault", $"DB subnet group '{wanted}' does not exist.", 404);
    }

    internal OptionGroup AddOptionGroup(string name, string engine, string majorVersion, string description, TagSet tags)
    {
        var shape = new OptionGroup
        {
            OptionGroupName = name,
            OptionGroupArn = $"arn:aws:rds:{region}:{account}:og:{name}",
            OptionGroupDescription = description,
            EngineName = engine,
            MajorEngineVersion = majorVersion,
            Options = [],
            AllowsVpcAndNonVpcInstanceMemberships = true,
        };
        Options.Add(name, (shape, tags));
        return shape;
    }

    /// <summary>The option group of a name: one that was made, or a default one, which comes into being when first named.</summary>
    /// <exception cref="ServiceException">OptionGroupNotFoundFault.</exception>
    internal OptionGroup OptionGroup(string name)
    {
        var wanted = name.ToLowerInvariant();
        if (Options.TryGetValue(wanted, out var found))
        {
            return found.Shape;
        }

        // default:postgres-15, default:aurora-postgresql-16, default:mariadb-10-11
        return DefaultName().Match(wanted) is { Success: true } standard
            ? AddOptionGroup(wanted, standard.Groups["engine"].Value, standard.Groups["version"].Value.Replace('-', '.'), $"Default option group for {wanted["default:".Length..]}", TagSet.Of(null))
            : throw new ServiceException("OptionGroupNotFoundFault", $"Specified OptionGroupName: {wanted} not found.", 404);
    }

    /// <summary>The parameter group of a name that fits the engine: a default one, or one that was made.</summary>
    /// <exception cref="ServiceException">DBParameterGroupNotFound, or InvalidParameterCombination for one of another family.</exception>
    internal string ParameterGroup(string? name, string engine, string version) =>
        Fitting(name, engine, version, Parameters.ToDictionary(g => g.Key, g => g.Value.Shape.DBParameterGroupFamily, StringComparer.Ordinal));

    /// <inheritdoc cref="ParameterGroup"/>
    /// <summary>The cluster parameter group of a name that fits the engine.</summary>
    internal string ClusterParameterGroup(string? name, string engine, string version) =>
        Fitting(name, engine, version, ClusterParameters.ToDictionary(g => g.Key, g => g.Value.Shape.DBParameterGroupFamily, StringComparer.Ordinal));

    private static string Fitting(string? name, string engine, string version, Dictionary<string, string> families)
    {
        var standard = DefaultParameters(engine, version);
        if (name is null || string.Equals(name, standard, StringComparison.OrdinalIgnoreCase))
        {
            return standard;
        }

        var (wanted, family) = (name.ToLowerInvariant(), standard["default.".Length..]);
        return !families.TryGetValue(wanted, out var found) ? throw ParameterGroupNotFound(wanted)
            : found == family ? wanted
            : throw RdsErrors.InvalidCombination($"The parameter group {wanted} is of the family {found}; {engine} {version} needs one of {family}.");
    }

    /// <summary>AWS's one code for groups of instances and of clusters.</summary>
    internal static ServiceException ParameterGroupNotFound(string name) => new("DBParameterGroupNotFound", $"DBParameterGroup not found: {name}", 404);

    [GeneratedRegex("^default:(?<engine>[a-z-]+)-(?<version>[0-9]+(-[0-9]+)?)$")]
    private static partial Regex DefaultName();
}
