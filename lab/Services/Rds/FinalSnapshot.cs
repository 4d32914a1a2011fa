namespace Dbre.Lab.Services.Rds;

/// <summary>The rule that a deletion says exactly one of: skip the final snapshot, or its name.</summary>
internal static class FinalSnapshot
{
    /// <param name="impossible">For replicas and members of a cluster, of which RDS takes none.</param>
    /// <returns>The name; null for none.</returns>
    /// <exception cref="ServiceException">InvalidParameterCombination.</exception>
    internal static string? Of(bool? skip, string? name, bool impossible)
    {
        if (impossible)
        {
            return name is null ? null : throw RdsErrors.InvalidCombination("FinalDBSnapshotIdentifier can not be specified when deleting a read replica or a member of a cluster.");
        }

        return (skip == true, name) switch
        {
            (true, null) => null,
            (false, { Length: > 0 }) => name,
            (true, _) => throw RdsErrors.InvalidCombination("FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."),
            _ => throw RdsErrors.InvalidCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."),
        };
    }
}
