namespace Dbre.Functions.Core.Fleet;

/// <summary>A database that can be protected: an RDS instance on its own, or an Aurora cluster with its members.</summary>
/// <param name="Id">Its identifier, lower case, as RDS stores it.</param>
/// <param name="Kind"><see cref="DatabaseKind.Instance"/> or <see cref="DatabaseKind.Cluster"/>.</param>
/// <param name="BackupRetentionDays">0 when automated backups are off.</param>
/// <param name="KmsKeyArn">The key of its storage; null when it is not encrypted.</param>
/// <param name="InstanceClass">Of the instance, or of the cluster's first member.</param>
public sealed record Database(
    string Id, DatabaseKind Kind, string Engine, string Arn, string Status, bool IsReadReplica, int BackupRetentionDays,
    string? KmsKeyArn, string? OptionGroup, string? InstanceClass, string? Address, int Port, IReadOnlyDictionary<string, string> Tags);

public enum DatabaseKind
{
    Instance,
    Cluster,
}
