namespace Dbre.Lab.Services.Rds;

/// <summary>What an event is about.</summary>
/// <param name="Type">As DescribeEvents says it: <c>db-snapshot</c>.</param>
/// <param name="BusType">As EventBridge says it: <c>SNAPSHOT</c>.</param>
/// <param name="Title">EventBridge's detail type: <c>RDS DB Snapshot Event</c>.</param>
internal sealed record EventSource(string Type, string BusType, string Title, string Id, string Arn, TagSet Tags)
{
    internal static EventSource Of(InstanceRecord record) => new("db-instance", "DB_INSTANCE", "RDS DB Instance Event", record.Id, record.Arn, record.Tags);

    internal static EventSource Of(ClusterRecord record) => new("db-cluster", "CLUSTER", "RDS DB Cluster Event", record.Id, record.Arn, record.Tags);

    internal static EventSource Of(SnapshotRecord record) => record.Kind == SnapshotKind.Instance
        ? new("db-snapshot", "SNAPSHOT", "RDS DB Snapshot Event", record.Id, record.Arn, record.Tags)
        : new("db-cluster-snapshot", "CLUSTER_SNAPSHOT", "RDS DB Cluster Snapshot Event", record.Id, record.Arn, record.Tags);
}
