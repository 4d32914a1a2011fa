namespace Dbre.Lab.Services.Rds;

/// <summary>The quotas of an account in a Region. The defaults are AWS's; AWS raises the first four on request, the copies not; of replicated backups it documents the number alone.</summary>
public sealed record RdsQuotas(
    int Instances = 40, int Clusters = 40, int ManualSnapshots = 100, int ManualClusterSnapshots = 100, int CrossRegionCopies = 20, int CrossRegionClusterCopies = 5,
    int ReplicatedBackups = 20);
