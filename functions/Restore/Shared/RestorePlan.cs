using System.Globalization;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>What a restore is for.</summary>
public enum RestorePurpose
{
    /// <summary>Beside the live database, under a name of its own.</summary>
    Beside,

    /// <summary>In its place: after an approval the two swap names, and the old one is kept.</summary>
    Replace,

    /// <summary>To show that it can be done: it is removed once it is proven.</summary>
    Drill,
}

/// <summary>What a witness wrote down of a table.</summary>
/// <param name="Table"><c>database.schema.table</c>.</param>
/// <param name="Checksum">Null when only the rows were counted.</param>
public sealed record ExpectedTable(string Table, long Rows, string? Checksum = null);

/// <summary>One restore: decided once, then carried through the state machine unchanged.</summary>
/// <param name="SourceResourceId">What RDS calls the source whatever its name: names are swapped, this stays.</param>
/// <param name="Region">Where it is restored: the source's own Region, or a recovery Region.</param>
/// <param name="AutomatedBackup">The ARN of the backups to restore, of a source that is gone or that another Region replicates; null is the source itself.</param>
/// <param name="RestoreTo">The second, in UTC; null is the latest that can be restored.</param>
/// <param name="Snapshot">A snapshot instead of a time; null is a time.</param>
/// <param name="As">The name of the restored database.</param>
/// <param name="KeptAs">The name under which the old database is kept after a swap.</param>
/// <param name="RequestedBy">The ARN of who asked.</param>
/// <param name="Settings">How the source was configured.</param>
public sealed record RestorePlan(
    string Source, DatabaseKind Kind, string Engine, string Region, string SourceArn, string SourceResourceId, string? AutomatedBackup, string? RestoreTo, string? Snapshot,
    string As, string KeptAs, RestorePurpose Purpose, string RequestedBy, RestoreSettings Settings, IReadOnlyList<ExpectedTable> Expected)
{
    /// <summary>RDS's own limit of a name (Amazon RDS API Reference, RestoreDBInstanceToPointInTime).</summary>
    public const int LongestName = 63;

    public const string DrillPrefix = "dbre-drill-";

    /// <summary>Where the restored database is.</summary>
    public Location Location() => new(Region);

    /// <summary>The name of a member of a restored cluster, from 1.</summary>
    public string Member(int number) => string.Create(CultureInfo.InvariantCulture, $"{As}-{number}");

    /// <summary>How many instances a restored cluster gets: to take the other's place it must carry the other's load.</summary>
    public int Members => Kind == DatabaseKind.Cluster ? InstancesOf(Kind, Purpose, Settings) : 0;

    /// <summary>How an instance of the restored database is monitored, from 1; null is not. Nobody watches a drill's.</summary>
    public EnhancedMonitoring? MonitoringOf(int number) => Purpose == RestorePurpose.Drill ? null : Settings.Monitoring.ElementAtOrDefault(number - 1);

    /// <summary>How RDS keeps the restored database's master password; null where it does not. Nobody logs in to a drill's as its master.</summary>
    public ManagedPassword? Password => Purpose == RestorePurpose.Drill ? null : Settings.Password;

    /// <summary>How many instances a restore makes.</summary>
    public static int InstancesOf(DatabaseKind kind, RestorePurpose purpose, RestoreSettings settings) =>
        kind == DatabaseKind.Cluster && purpose == RestorePurpose.Replace ? settings.MemberClasses.Count : 1;
}

/// <summary>How a database was configured, as far as a restore does not carry it by itself.</summary>
/// <param name="MemberClasses">The classes of a cluster's instances, the writer's first; of an instance, its own.</param>
/// <param name="ParameterGroup">Of a cluster, its cluster parameter group.</param>
/// <param name="NotCarried">What has to be done by hand, one sentence each.</param>
public sealed record RestoreSettings(
    IReadOnlyList<string> MemberClasses, string? SubnetGroup, IReadOnlyList<string> SecurityGroups, string? ParameterGroup, string? OptionGroup, int BackupRetentionDays,
    bool DeletionProtection, bool CopyTagsToSnapshot, bool IamAuthentication, bool MultiAz, bool PubliclyAccessible, IReadOnlyList<string> LogExports,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> NotCarried)
{
    /// <summary>How each instance of <see cref="MemberClasses"/> is monitored; null where it is not.</summary>
    public IReadOnlyList<EnhancedMonitoring?> Monitoring { get; init; } = [];

    /// <summary>How RDS keeps the master password; null where somebody else does.</summary>
    public ManagedPassword? Password { get; init; }
}

/// <param name="Seconds">Between two measurements.</param>
/// <param name="Role">The ARN of the role in which RDS writes them down.</param>
public sealed record EnhancedMonitoring(int Seconds, string Role);

/// <param name="KmsKey">The ARN of the key under which its secret is; null is Secrets Manager's own.</param>
public sealed record ManagedPassword(string? KmsKey);
