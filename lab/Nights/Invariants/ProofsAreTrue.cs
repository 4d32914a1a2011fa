using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;

using Dbre.Lab.Services;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>A copy is noted as proven only when that very copy is there, whole, and was restored. Also notes the proofs that are true.</summary>
internal sealed class ProofsAreTrue(Truth truth) : Invariant("a proof must be true")
{
    internal override void Done(BegunCall call, Invocation invocation)
    {
        switch (call.Request)
        {
            case RestoreDBInstanceFromDBSnapshotRequest restore:
                Note(call.Caller.Region, cluster: false, restore.DBSnapshotIdentifier);
                break;
            case RestoreDBClusterFromSnapshotRequest restore:
                Note(call.Caller.Region, cluster: true, restore.SnapshotIdentifier);
                break;
            case UpdateItemRequest update when update.UpdateExpression?.Contains("provenAt", StringComparison.Ordinal) == true:
                Check(update);
                break;
        }
    }

    private void Note(string region, bool cluster, string nameOrArn)
    {
        if (truth.Snapshot(region, cluster, NameOf(nameOrArn)) is { } copy)
        {
            truth.NoteRestore(copy);
        }
    }

    private void Check(UpdateItemRequest update)
    {
        // copy#<Region>#<account>#<snapshot>
        var key = update.Key["sk"].S.Split('#');
        if (Find(key[1], key[3]) is not { Status: "available" } copy)
        {
            Violated($"'{key[3]}' in {key[1]} is noted as proven, but is not there.");
        }
        else if (!truth.WasRestored(copy))
        {
            Violated($"'{copy.Id}' in {copy.Region} is noted as proven, but was never restored.");
        }
        else if (!truth.IsWhole(copy))
        {
            Violated($"'{copy.Id}' in {copy.Region} is noted as proven, but does not hold what its source held.");
        }
        else
        {
            truth.NoteProof(copy);
        }
    }

    private SnapshotView? Find(string region, string id) => truth.Snapshot(region, cluster: false, id) ?? truth.Snapshot(region, cluster: true, id);

    private static string NameOf(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf(':') + 1)..];
}
