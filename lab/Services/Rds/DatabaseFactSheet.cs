namespace Dbre.Lab.Services.Rds;

/// <summary>What a snapshot remembers of its database, and a restore makes the new one from.</summary>
internal sealed record DatabaseFactSheet(
    string Id, string ResourceId, string Engine, string EngineVersion, string MasterUsername, string? DatabaseName, int AllocatedStorage, string? StorageType, int? Iops,
    int? Port, bool IamAuthentication, DateTimeOffset Created, int BackupRetentionPeriod, string? BackupWindow);
