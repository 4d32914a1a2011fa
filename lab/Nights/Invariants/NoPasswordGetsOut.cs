using System.Text;

using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Safety rule 5: no password is in an event, an answer or an error, all of which Step Functions keeps.</summary>
internal sealed class NoPasswordGetsOut(SimulatedCloud cloud) : Invariant("safety rule 5, no password gets out")
{
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(SimulatedFleet.PasswordMark);

    internal override void Ended(Invocation invocation, FunctionAnswer answer)
    {
        if (invocation.Payload.Span.IndexOf(Mark) >= 0 || answer.Payload.Span.IndexOf(Mark) >= 0 || answer.Log.Any(l => l.Contains(SimulatedFleet.PasswordMark, StringComparison.Ordinal)))
        {
            Violated($"{invocation.Function.Name} tells a password ({cloud.Clock.GetUtcNow():O}).");
        }
    }
}
