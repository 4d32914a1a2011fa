namespace Dbre.Lab.Services.Rds;

/// <summary>
/// The automated backups of an instance as another Region has them: a copy of a snapshot, and the log as far as it was replicated. They have a key and
/// a retention period of their own, and outlive both the replication and the instance.
/// </summary>
internal sealed class ReplicatedBackup(World world, TimeSpan upload, string arn, InstanceRecord source, string? key, TagSet tags)
    : AutomatedBackup(world, upload, arn, source, null)
{
    private int retention;

    internal override string? KmsKeyArn { get; } = key;

    internal override int Retention => retention;

    internal override TagSet Tags { get; } = tags;

    // The API reference has only the states of an instance's own backups. These are the ones of the AWS CLI reference's examples, and of Terraform's provider.
    internal override string Status => Retained ? "retained" : First is null ? "pending" : "replicating";

    /// <summary>By how much a replicated log lags is not documented: here by one upload more than at home.</summary>
    private protected override DateTimeOffset Uploaded
    {
        get
        {
            var arrived = base.Uploaded - Upload;
            return Instance!.Backup?.Ended is { } ended && ended < arrived ? ended : arrived;
        }
    }

    /// <summary>The log of the instance comes here, for the first time or again.</summary>
    internal void Follow(int days)
    {
        (retention, Ended, Retained) = (days, null, false);
        Instance!.Backup!.Replicas.Add(this);
    }

    /// <summary>No more of the log comes; what is here is kept for its retention period.</summary>
    internal void Retain()
    {
        (Ended, Retained) = (Uploaded, true);
        LetGo();
    }

    internal override void LetGo() => Instance!.Backup?.Replicas.Remove(this);
}
