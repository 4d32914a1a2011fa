namespace Dbre.Lab.Services.Rds;

/// <summary>RDS's errors with the codes of its service model.</summary>
internal static class RdsErrors
{
    internal static ServiceException InvalidValue(string message) => new("InvalidParameterValue", message);

    internal static ServiceException InvalidCombination(string message) => new("InvalidParameterCombination", message);

    internal static ServiceException InstanceNotFound(string id) => new("DBInstanceNotFound", $"DBInstance {id} not found.", 404);

    internal static ServiceException InstanceExists(string id) => new("DBInstanceAlreadyExists", $"DB instance already exists: {id}");

    internal static ServiceException InstanceState(string message) => new("InvalidDBInstanceState", message);

    internal static ServiceException InstanceBackupNotFound(string asked) => new("DBInstanceAutomatedBackupNotFound", $"No automated backup of a DB instance matches {asked}.", 404);

    internal static ServiceException ClusterBackupNotFound(string asked) => new("DBClusterAutomatedBackupNotFoundFault", $"No automated backup of a DB cluster matches {asked}.", 404);

    internal static ServiceException ClusterNotFound(string id) => new("DBClusterNotFoundFault", $"DBCluster {id} not found.", 404);

    internal static ServiceException ClusterExists(string id) => new("DBClusterAlreadyExistsFault", $"DB Cluster already exists: {id}");

    internal static ServiceException ClusterState(string message) => new("InvalidDBClusterStateFault", message);

    internal static ServiceException KeyNotAccessible(string which, string? key) =>
        new("KMSKeyNotAccessibleFault", $"{which} [{key ?? "None"}] does not exist, is not enabled or you do not have permissions to access it.");

    /// <exception cref="ServiceException">MissingParameter, in AWS's words, when the value is null or empty.</exception>
    internal static void Require(string? value, string parameter)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ServiceException("MissingParameter", $"The request must contain the parameter {parameter}.");
        }
    }
}
