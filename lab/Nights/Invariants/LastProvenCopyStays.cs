using Amazon.RDS.Model;

using Dbre.Lab.Services;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Safety rule 1: the last proven copy of a database is never deleted, nor a snapshot whose copy is missing or unproven.</summary>
internal sealed class LastProvenCopyStays(Truth truth) : Invariant("safety rule 1, the last proven copy stays")
{
    internal override void Done(BegunCall call, Invocation invocation)
    {
        var (id, cluster) = call.Request switch
        {
            DeleteDBSnapshotRequest delete => (delete.DBSnapshotIdentifier, false),
            DeleteDBClusterSnapshotRequest delete => (delete.DBClusterSnapshotIdentifier, true),
            _ => (null, false),
        };
        if (id is null || Truth.Read(invocation.Payload, "plan", "database")?.GetString() is not { } database)
        {
            return;
        }

        if (call.Caller.Region == SimulatedCloud.HomeRegion)
        {
            var copy = truth.Snapshot(SimulatedCloud.RecoveryRegion, cluster, id);
            if (copy is not { Status: "available" })
            {
                Violated($"Snapshot '{id}' was deleted, and its copy in {SimulatedCloud.RecoveryRegion} is {copy?.Status ?? "missing"}.");
            }
            else if (!truth.IsProven(copy))
            {
                Violated($"Snapshot '{id}' was deleted, and its copy in {SimulatedCloud.RecoveryRegion} has never passed a restore.");
            }
        }
        else if (!truth.SnapshotsOf(call.Caller.Region, database).Any(s => s.Status == "available" && truth.IsProven(s)))
        {
            Violated($"Copy '{id}' was deleted, and no proven copy of '{database}' is left in {call.Caller.Region}.");
        }
    }
}
