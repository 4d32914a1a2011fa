using Amazon.RDS.Model;

namespace Dbre.Functions.Restore;

/// <summary>What of a restored database is not yet as its source was, as the change that makes it so. Null is nothing. Groups are given at the restore.</summary>
internal static class Configuration
{
    public static ModifyDBInstanceRequest? Missing(RestorePlan plan, DBInstance found)
    {
        var change = new ModifyDBInstanceRequest { DBInstanceIdentifier = plan.As, ApplyImmediately = true };
        var (wanted, differs) = (plan.Settings, false);
        if ((found.BackupRetentionPeriod ?? 0) != Retention(plan))
        {
            (change.BackupRetentionPeriod, differs) = (Retention(plan), true);
        }

        if ((found.DeletionProtection ?? false) != Protected(plan))
        {
            (change.DeletionProtection, differs) = (Protected(plan), true);
        }

        if ((found.IAMDatabaseAuthenticationEnabled ?? false) != wanted.IamAuthentication)
        {
            (change.EnableIAMDatabaseAuthentication, differs) = (wanted.IamAuthentication, true);
        }

        if ((found.MultiAZ ?? false) != StandsBy(plan))
        {
            (change.MultiAZ, differs) = (StandsBy(plan), true);
        }

        if (MissingExports(wanted, found.EnabledCloudwatchLogsExports) is { Count: > 0 } logs)
        {
            (change.CloudwatchLogsExportConfiguration, differs) = (new CloudwatchLogsExportConfiguration { EnableLogTypes = logs }, true);
        }

        if (plan.MonitoringOf(1) is { } monitoring && (found.MonitoringInterval, found.MonitoringRoleArn) != (monitoring.Seconds, monitoring.Role))
        {
            (change.MonitoringInterval, change.MonitoringRoleArn, differs) = (monitoring.Seconds, monitoring.Role, true);
        }

        if (plan.Password is { } password && found.MasterUserSecret is null)
        {
            (change.ManageMasterUserPassword, change.MasterUserSecretKmsKeyId, differs) = (true, password.KmsKey, true);
        }

        return differs ? change : null;
    }

    public static ModifyDBClusterRequest? Missing(RestorePlan plan, DBCluster found)
    {
        var change = new ModifyDBClusterRequest { DBClusterIdentifier = plan.As, ApplyImmediately = true };
        var (wanted, differs) = (plan.Settings, false);
        if ((found.BackupRetentionPeriod ?? 0) != Math.Max(Retention(plan), 1))
        {
            // Aurora's backups cannot be turned off.
            (change.BackupRetentionPeriod, differs) = (Math.Max(Retention(plan), 1), true);
        }

        if ((found.DeletionProtection ?? false) != Protected(plan))
        {
            (change.DeletionProtection, differs) = (Protected(plan), true);
        }

        if ((found.IAMDatabaseAuthenticationEnabled ?? false) != wanted.IamAuthentication)
        {
            (change.EnableIAMDatabaseAuthentication, differs) = (wanted.IamAuthentication, true);
        }

        if (MissingExports(wanted, found.EnabledCloudwatchLogsExports) is { Count: > 0 } logs)
        {
            (change.CloudwatchLogsExportConfiguration, differs) = (new CloudwatchLogsExportConfiguration { EnableLogTypes = logs }, true);
        }

        // Its instances are monitored since they were made.
        if (plan.Password is { } password && found.MasterUserSecret is null)
        {
            (change.ManageMasterUserPassword, change.MasterUserSecretKmsKeyId, differs) = (true, password.KmsKey, true);
        }

        return differs ? change : null;
    }

    // A drill's database is removed within the hour: nothing may keep it, and it needs neither backups nor a standby.
    private static int Retention(RestorePlan plan) => plan.Purpose == RestorePurpose.Drill ? 0 : plan.Settings.BackupRetentionDays;

    private static bool Protected(RestorePlan plan) => plan.Purpose != RestorePurpose.Drill && plan.Settings.DeletionProtection;

    private static bool StandsBy(RestorePlan plan) => plan.Purpose != RestorePurpose.Drill && plan.Settings.MultiAz;

    private static List<string> MissingExports(RestoreSettings wanted, List<string>? found) => [.. wanted.LogExports.Except(found ?? [], StringComparer.Ordinal)];
}
