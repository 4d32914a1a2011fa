using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Replicating the automated backups of an instance to the Region of the call (Amazon RDS User Guide, "Replicating automated backups to another AWS Region").</content>
public sealed partial class RdsService
{
    private const int DefaultReplicaRetention = 7, LongestRetention = 35;

    private void RegisterBackupReplication()
    {
        On<StartDBInstanceAutomatedBackupsReplicationRequest, StartDBInstanceAutomatedBackupsReplicationResponse>(StartDBInstanceAutomatedBackupsReplication);
        On<StopDBInstanceAutomatedBackupsReplicationRequest, StopDBInstanceAutomatedBackupsReplicationResponse>(StopDBInstanceAutomatedBackupsReplication);
    }

    private StartDBInstanceAutomatedBackupsReplicationResponse StartDBInstanceAutomatedBackupsReplication(
        CallContext call, StartDBInstanceAutomatedBackupsReplicationRequest request)
    {
        // AWS ignores PreSignedUrl outside of GovCloud (API reference).
        RdsParameters.Refuse(
            request, nameof(request.SourceDBInstanceArn), nameof(request.BackupRetentionPeriod), nameof(request.KmsKeyId), nameof(request.PreSignedUrl),
            nameof(request.SourceRegion), nameof(request.Tags));
        var area = AreaOf(call);
        var home = ReplicatedArea(call, request.SourceDBInstanceArn);
        var anyBackup = area.Arn("auto-backup", "*");
        call.Authorize("rds:StartDBInstanceAutomatedBackupsReplication", request.SourceDBInstanceArn, anyBackup);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, anyBackup, tags);
        RdsParameters.Within(request.BackupRetentionPeriod, 1, LongestRetention, nameof(request.BackupRetentionPeriod));
        Expire(area);
        var source = home.Instance(request.SourceDBInstanceArn, nameof(request.SourceDBInstanceArn));
        RequireReplicableBackups(source);
        var key = KeyOfReplicatedBackups(call, source, request.KmsKeyId);
        var backup = BackupToFollow(area, source, key, tags);
        backup.Follow(request.BackupRetentionPeriod ?? DefaultReplicaRetention);
        if (backup.First is null)
        {
            CopyNewest(home, area, backup);
        }

        return new StartDBInstanceAutomatedBackupsReplicationResponse { DBInstanceAutomatedBackup = Described(backup) };
    }

    private StopDBInstanceAutomatedBackupsReplicationResponse StopDBInstanceAutomatedBackupsReplication(
        CallContext call, StopDBInstanceAutomatedBackupsReplicationRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.SourceDBInstanceArn));
        var area = AreaOf(call);
        var home = ReplicatedArea(call, request.SourceDBInstanceArn);
        call.Authorize("rds:StopDBInstanceAutomatedBackupsReplication", request.SourceDBInstanceArn);
        var source = home.Instance(request.SourceDBInstanceArn, nameof(request.SourceDBInstanceArn));
        if (area.Backups.GetValueOrDefault(source.Shape.DbiResourceId) is not ReplicatedBackup { Retained: false } backup)
        {
            throw RdsErrors.InstanceState($"The automated backups of {source.Id} are not being replicated to {area.Region}.");
        }

        // Not documented; what is half copied cannot be retained.
        if (backup.First is null)
        {
            throw RdsErrors.InstanceState($"The replication of the automated backups of {source.Id} to {area.Region} cannot be stopped yet: it is {backup.Status}.");
        }

        // AWS answers with the state from before (AWS CLI reference, stop-db-instance-automated-backups-replication, its example).
        var before = Described(backup);
        backup.Retain();
        return new StopDBInstanceAutomatedBackupsReplicationResponse { DBInstanceAutomatedBackup = before };
    }

    private Area ReplicatedArea(CallContext call, string? sourceArn)
    {
        RdsErrors.Require(sourceArn, "SourceDBInstanceArn");
        return Arn.TryParse(sourceArn) is not { Service: "rds" } arn || !arn.Resource.StartsWith("db:", StringComparison.Ordinal)
                ? throw RdsErrors.InvalidValue($"Invalid SourceDBInstanceArn: {sourceArn}; it must be the ARN of a DB instance.")
            : arn.Account != call.Account ? throw RdsErrors.InstanceNotFound(sourceArn!)
            : arn.Region == call.Region ? throw RdsErrors.InvalidValue($"Invalid SourceDBInstanceArn: {sourceArn}; the instance must be in another Region than {call.Region}.")
            : AreaOf(arn.Account, arn.Region);
    }

    private static void RequireReplicableBackups(InstanceRecord source)
    {
        if (source.Cluster is { } cluster)
        {
            throw RdsErrors.InstanceState($"{source.Id} is a member of the cluster {cluster.Id}, whose automated backups cannot be replicated.");
        }

        source.RequireState("available");
        if (source.Backup?.First is null)
        {
            throw RdsErrors.InstanceState($"{source.Id} has no automated backups to replicate: {(source.Backup is null ? "its BackupRetentionPeriod is 0" : "the first is not there")}.");
        }
    }

    // AWS's code for either is not documented; the words for a missing key are those that it is known to answer with.
    private string? KeyOfReplicatedBackups(CallContext call, InstanceRecord source, string? asked)
    {
        if (source.Shape.KmsKeyId is not { } sourceKey)
        {
            return asked is null ? null : throw RdsErrors.InvalidCombination($"KmsKeyId cannot be given: {source.Id} is not encrypted.");
        }

        if (asked is null)
        {
            throw RdsErrors.InvalidCombination("Encrypted instances require a valid KMS key ID: KmsKeyId must be given.");
        }

        keys.RequireReadable(call, sourceKey, "The source KMS key");
        return keys.Encrypting(call, asked, "The target KMS key");
    }

    /// <summary>New backups, or those that were retained here when the replication was stopped: they go on, under the key that they have.</summary>
    private ReplicatedBackup BackupToFollow(Area area, InstanceRecord source, string? key, TagSet tags)
    {
        const string badState = "InvalidDBInstanceAutomatedBackupState";
        var found = area.Backups.GetValueOrDefault(source.Shape.DbiResourceId);
        if (found is { Retained: false })
        {
            throw new ServiceException(badState, $"The automated backups of {source.Id} are being replicated to {area.Region} already.");
        }

        if (found is not null && found.KmsKeyArn != key)
        {
            throw new ServiceException(
                badState, $"The retained automated backups of {source.Id} in {area.Region} are encrypted under {found.KmsKeyArn}: give that KmsKeyId, or delete them first.");
        }

        var most = QuotasOf(area.Region).ReplicatedBackups;
        if (area.Backups.Values.Count(b => b is ReplicatedBackup { Retained: false }) >= most)
        {
            throw new ServiceException("DBInstanceAutomatedBackupQuotaExceeded", $"The quota of {most} replicated automated backups in {area.Region} would be exceeded.");
        }

        if (found is ReplicatedBackup retained)
        {
            retained.Tags.Add(tags.ToList());
            return retained;
        }

        var made = new ReplicatedBackup(World, LogUpload, area.Arn("auto-backup", "ab-" + World.NewToken(40)), source, key, tags);
        area.Backups.Add(made.ResourceId, made);
        return made;
    }

    private void CopyNewest(Area home, Area area, ReplicatedBackup backup)
    {
        var newest = home.InstanceSnapshots.Values.Where(s => s.Type == "automated" && backup.HoldsLogSince(s)).MaxBy(s => s.Finished)!;
        var source = newest.Source;
        var id = AutomatedId(area.InstanceSnapshots, backup.SourceId);
        var copy = new SnapshotRecord(SnapshotKind.Instance, area.Account, area.Region, id, "automated", newest.Engine, source)
        {
            KmsKeyArn = backup.KmsKeyArn,
            OptionGroup = Groups.DefaultOptions(source.Engine, source.EngineVersion),
            LogOf = newest.LogOf,
            CopiedFromArn = newest.Arn,
            CopiedFromRegion = newest.Region,
            OriginallyCreated = newest.OriginallyCreated,
            Status = "copying",
        };
        area.InstanceSnapshots.Add(id, copy);
        new Sequence().Then(World, backup.Readers.With(async () =>
        {
            await copy.Engine.CopySnapshot(newest.Stored, copy.Stored, percent => Progress(copy, percent), default).ConfigureAwait(false);
            return copy;
        }), () =>
        {
            // Where the window begins is not documented: what can be restored is what came after the copy was here.
            (copy.Status, copy.Percent, copy.Created, copy.Finished) = ("available", 100, World.Now, World.Now);
            backup.Begin();
        }, _ =>
        {
            // RDS tells of no failed replication: there is none.
            area.InstanceSnapshots.Remove(id);
            EndBackups(area, backup);
        });
    }
}
