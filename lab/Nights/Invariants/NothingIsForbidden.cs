using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>The roles have what the functions need, and the lab itself has no fault.</summary>
internal sealed class NothingIsForbidden(SimulatedCloud cloud) : Invariant("every permission is there")
{
    internal override void AtTheEnd()
    {
        foreach (var denial in cloud.World.Iam.Denials.DistinctBy(d => (d.PrincipalArn, d.Action)))
        {
            Violated(denial.Message);
        }

        foreach (var fault in cloud.Faults.DistinctBy(f => f.Message))
        {
            Violated($"The lab itself failed: {fault}");
        }
    }
}
