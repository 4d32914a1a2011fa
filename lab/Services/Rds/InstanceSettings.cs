using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <summary>What is said of a new instance however it is made: created, restored, as a replica, as a member of a cluster.</summary>
internal sealed record InstanceSettings(
    string? SubnetGroup, IReadOnlyList<string>? SecurityGroups, string? OptionGroup, string? ParameterGroup, string? Zone, bool? Public, bool? MinorUpgrades,
    bool? CopyTagsToSnapshot, bool? Protected, int? Retention, string? BackupWindow, string? MaintenanceWindow, string? Certificate);

/// <content>The shape of a new instance.</content>
public sealed partial class RdsService
{
    private const string CertificateName = "rds-ca-rsa2048-g1";
    private static readonly HashSet<string> Certificates = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"];

    private DBInstance NewInstance(Area area, string id, string engine, string version, string instanceClass, InstanceSettings settings)
    {
        RdsParameters.Within(settings.Retention, 0, 35, "BackupRetentionPeriod");
        if (!instanceClass.StartsWith("db.", StringComparison.Ordinal) || instanceClass.Split('.').Length != 3)
        {
            throw RdsErrors.InvalidValue($"Invalid DB Instance class: {instanceClass}; it must be like db.t4g.micro.");
        }

        RequireOrderable(instanceClass, engine, version);
        var certificate = CertificateOf(settings.Certificate);
        var subnets = area.Groups.SubnetGroup(settings.SubnetGroup);
        return new DBInstance
        {
            DBInstanceIdentifier = id,
            DBInstanceArn = area.Arn("db", id),
            DbiResourceId = "db-" + World.NewToken(26),
            DBInstanceClass = instanceClass,
            DBInstanceStatus = "creating",
            Engine = engine,
            EngineVersion = version,
            InstanceCreateTime = World.Now.UtcDateTime,
            DBSubnetGroup = subnets,
            VpcSecurityGroups = SecurityGroups(area, settings.SecurityGroups, subnets),
            DBSecurityGroups = [],
            OptionGroupMemberships =
            [
                new OptionGroupMembership
                {
                    OptionGroupName = area.Groups.OptionGroup(settings.OptionGroup ?? Groups.DefaultOptions(engine, version)).OptionGroupName, Status = "in-sync",
                },
            ],
            DBParameterGroups =
            [
                new DBParameterGroupStatus { DBParameterGroupName = area.Groups.ParameterGroup(settings.ParameterGroup, engine, version), ParameterApplyStatus = "in-sync" },
            ],
            AvailabilityZone = ZoneOf(settings.Zone, area.Region),
            BackupRetentionPeriod = settings.Retention,
            PreferredBackupWindow = settings.BackupWindow ?? "04:00-04:30",
            PreferredMaintenanceWindow = settings.MaintenanceWindow ?? "sun:05:00-sun:05:30",
            PendingModifiedValues = new PendingModifiedValues(),
            MultiAZ = false,
            AutoMinorVersionUpgrade = settings.MinorUpgrades ?? true,
            LicenseModel = EngineFacts.License(engine),
            PubliclyAccessible = settings.Public ?? false,
            DbInstancePort = 0,
            CACertificateIdentifier = certificate,
            CertificateDetails = new CertificateDetails { CAIdentifier = certificate, ValidTill = World.Now.AddYears(1).UtcDateTime },
            CopyTagsToSnapshot = settings.CopyTagsToSnapshot ?? false,
            MonitoringInterval = 0,
            PromotionTier = null,
            IAMDatabaseAuthenticationEnabled = false,
            PerformanceInsightsEnabled = false,
            DeletionProtection = settings.Protected ?? false,
            AssociatedRoles = [],
            DomainMemberships = [],
            NetworkType = "IPV4",
            BackupTarget = "region",
            CustomerOwnedIpEnabled = false,
            ActivityStreamStatus = "stopped",
            DedicatedLogVolume = false,
            StorageEncrypted = false,
        };
    }

    private static string CertificateOf(string? asked) => asked is null ? CertificateName
        : Certificates.Contains(asked) ? asked
        : throw new ServiceException("CertificateNotFound", $"Certificate not found: {asked}; allowed are {string.Join(", ", Certificates.Order(StringComparer.Ordinal))}.", 404);

    private static string ZoneOf(string? asked, string region) => asked is null ? region + "a"
        : asked.Length == region.Length + 1 && asked.StartsWith(region, StringComparison.Ordinal) && asked[^1] is 'a' or 'b' or 'c' ? asked
        : throw RdsErrors.InvalidValue($"Invalid availability zone: {asked}; it must be one of {region}a, {region}b, {region}c.");
}
