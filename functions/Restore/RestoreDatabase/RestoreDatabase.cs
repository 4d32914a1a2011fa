using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record RestoreDatabaseRequest(string OperationId, RestorePlan Plan, DatabaseLock Lock, string Since);

/// <param name="ResourceId">What RDS calls the restored database, whatever its name.</param>
public sealed record RestoreDatabaseResult(StepStatus Status, string Reason, int WaitSeconds, string? ResourceId = null, string? Address = null, int Port = 0);

/// <summary>Sees to it that the restored database runs: one step an invocation, whatever is missing next.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Asking for a database that is not there yet has no resource to name.")]
[Allow("rds:RestoreDBInstanceToPointInTime", "rds:RestoreDBClusterToPointInTime", "rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBClusterFromSnapshot", "rds:CreateDBInstance", "rds:AddTagsToResource",
    On = "arn:${Partition}:rds:*:${Account}:*:*")]
[Allow("kms:DescribeKey", "kms:CreateGrant", On = "arn:${Partition}:kms:*:${Account}:key/*")]
[Allow("iam:PassRole", On = "arn:${Partition}:iam::${Account}:role/*", If = "iam:PassedToService=monitoring.rds.amazonaws.com")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class RestoreDatabase(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<RestoreDatabaseResult> Handle(RestoreDatabaseRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, rds) = (request.Plan, aws.Rds(request.Plan.Location()));
        var database = await RestoredDatabase.Find(rds, plan.Kind, plan.As, deadline.Token).ConfigureAwait(false);
        if (database is not null && database.Operation != request.OperationId)
        {
            return new RestoreDatabaseResult(StepStatus.Failed, $"'{plan.As}' is a database that another operation made since; it is left alone.", 0);
        }

        var members = await Members(rds, plan, deadline.Token).ConfigureAwait(false);
        switch (Next(plan, database?.Status, members))
        {
            case RestoreStep.Done:
                return new RestoreDatabaseResult(StepStatus.Ready, $"'{plan.As}' runs.", 0, database!.ResourceId, database.Address, database.Port);
            case RestoreStep.Broken:
                return new RestoreDatabaseResult(StepStatus.Failed, $"'{plan.As}' is {(database is { Available: false } ? database.Status : members.First(m => m is not null and not "available"))}.", 0);
            case RestoreStep.Restore:
                await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
                await Restore(rds, plan, RestoreMarks.Of(plan, request.OperationId), deadline.Token).ConfigureAwait(false);
                break;
            case RestoreStep.AddMember:
                await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
                await AddMember(rds, plan, members.TakeWhile(m => m is not null).Count(), RestoreMarks.Of(plan, request.OperationId), deadline.Token).ConfigureAwait(false);
                break;
            case RestoreStep.Wait:
                break;
        }

        var (status, reason, seconds) = Patience.Wait($"'{plan.As}' is being restored.", request.Since, clock.GetUtcNow(), Patience.Restore);
        return new RestoreDatabaseResult(status, reason, seconds);
    }

    internal enum RestoreStep
    {
        Restore,
        AddMember,
        Wait,
        Done,
        Broken,
    }

    /// <summary>What is missing next. A cluster serves nothing until it has an instance.</summary>
    /// <param name="plan">The restore.</param>
    /// <param name="database">The restored database's status; null before it is there.</param>
    /// <param name="members">The statuses of the instances that a restored cluster shall have; null where one is missing.</param>
    internal static RestoreStep Next(RestorePlan plan, string? database, IReadOnlyList<string?> members) => database switch
    {
        null => RestoreStep.Restore,
        _ when IsBroken(database) || members.Any(IsBroken) => RestoreStep.Broken,
        "available" when members.Contains(null) => RestoreStep.AddMember,
        "available" when members.All(m => m == "available") => RestoreStep.Done,
        _ => RestoreStep.Wait,
    };

    private static bool IsBroken(string? status) =>
        status is "failed" or "incompatible-restore" or "restore-error" or "inaccessible-encryption-credentials" or "incompatible-parameters" or "incompatible-network" or "deleting";

    private static async Task<IReadOnlyList<string?>> Members(IAmazonRDS rds, RestorePlan plan, CancellationToken stop)
    {
        var found = new List<string?>();
        for (var number = 1; number <= plan.Members; number++)
        {
            found.Add((await RestoredDatabase.Instance(rds, plan.Member(number), stop).ConfigureAwait(false))?.DBInstanceStatus);
        }

        return found;
    }

    private static Task Restore(IAmazonRDS rds, RestorePlan plan, List<Tag> tags, CancellationToken stop) => (plan.Kind, plan.Snapshot) switch
    {
        (DatabaseKind.Instance, null) => rds.RestoreDBInstanceToPointInTimeAsync(
            new RestoreDBInstanceToPointInTimeRequest
            {
                SourceDBInstanceIdentifier = plan.AutomatedBackup is null ? plan.Source : null,
                SourceDBInstanceAutomatedBackupsArn = plan.AutomatedBackup,
                TargetDBInstanceIdentifier = plan.As,
                RestoreTime = Time(plan),
                UseLatestRestorableTime = plan.RestoreTo is null ? true : null,
                DBInstanceClass = plan.Settings.MemberClasses.FirstOrDefault(),
                DBSubnetGroupName = plan.Settings.SubnetGroup,
                VpcSecurityGroupIds = SecurityGroups(plan),
                DBParameterGroupName = plan.Settings.ParameterGroup,
                OptionGroupName = plan.Settings.OptionGroup,
                PubliclyAccessible = plan.Settings.PubliclyAccessible,
                CopyTagsToSnapshot = plan.Settings.CopyTagsToSnapshot,
                Tags = tags,
            },
            stop),
        (DatabaseKind.Instance, { } snapshot) => rds.RestoreDBInstanceFromDBSnapshotAsync(
            new RestoreDBInstanceFromDBSnapshotRequest
            {
                DBInstanceIdentifier = plan.As,
                DBSnapshotIdentifier = snapshot,
                DBInstanceClass = plan.Settings.MemberClasses.FirstOrDefault(),
                DBSubnetGroupName = plan.Settings.SubnetGroup,
                VpcSecurityGroupIds = SecurityGroups(plan),
                DBParameterGroupName = plan.Settings.ParameterGroup,
                OptionGroupName = plan.Settings.OptionGroup,
                PubliclyAccessible = plan.Settings.PubliclyAccessible,
                CopyTagsToSnapshot = plan.Settings.CopyTagsToSnapshot,
                Tags = tags,
            },
            stop),
        (_, null) => rds.RestoreDBClusterToPointInTimeAsync(
            new RestoreDBClusterToPointInTimeRequest
            {
                SourceDBClusterIdentifier = plan.AutomatedBackup is null ? plan.Source : null,
                SourceDbClusterResourceId = plan.AutomatedBackup is null ? null : plan.SourceResourceId,
                DBClusterIdentifier = plan.As,
                RestoreToTime = Time(plan),
                UseLatestRestorableTime = plan.RestoreTo is null ? true : null,
                RestoreType = IsClone(plan) ? "copy-on-write" : "full-copy",
                DBSubnetGroupName = plan.Settings.SubnetGroup,
                VpcSecurityGroupIds = SecurityGroups(plan),
                DBClusterParameterGroupName = plan.Settings.ParameterGroup,
                CopyTagsToSnapshot = plan.Settings.CopyTagsToSnapshot,
                Tags = tags,
            },
            stop),
        (_, { } snapshot) => rds.RestoreDBClusterFromSnapshotAsync(
            new RestoreDBClusterFromSnapshotRequest
            {
                DBClusterIdentifier = plan.As,
                SnapshotIdentifier = snapshot,
                Engine = plan.Engine,
                DBSubnetGroupName = plan.Settings.SubnetGroup,
                VpcSecurityGroupIds = SecurityGroups(plan),
                DBClusterParameterGroupName = plan.Settings.ParameterGroup,
                CopyTagsToSnapshot = plan.Settings.CopyTagsToSnapshot,
                Tags = tags,
            },
            stop),
    };

    /// <summary>A clone shares the source's pages until they are written, and is there in minutes. It begins as the source is now, and what takes the source's place must not share its pages.</summary>
    internal static bool IsClone(RestorePlan plan) => plan is { Kind: DatabaseKind.Cluster, Snapshot: null, RestoreTo: null, AutomatedBackup: null } && plan.Purpose != RestorePurpose.Replace;

    private static Task AddMember(IAmazonRDS rds, RestorePlan plan, int present, List<Tag> tags, CancellationToken stop) => rds.CreateDBInstanceAsync(
        new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = plan.Member(present + 1),
            DBClusterIdentifier = plan.As,
            DBInstanceClass = plan.Settings.MemberClasses[present],
            Engine = plan.Engine,
            PubliclyAccessible = false,
            MonitoringInterval = plan.MonitoringOf(present + 1)?.Seconds,
            MonitoringRoleArn = plan.MonitoringOf(present + 1)?.Role,
            Tags = tags,
        },
        stop);

    private static DateTime? Time(RestorePlan plan) => plan.RestoreTo is { } to ? Instant.Read(to).UtcDateTime : null;

    private static List<string>? SecurityGroups(RestorePlan plan) => plan.Settings.SecurityGroups is { Count: > 0 } groups ? [.. groups] : null;
}
