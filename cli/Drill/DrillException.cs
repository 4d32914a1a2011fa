namespace Dbre.Cli.Drill;

/// <summary>The drill did not hold: one sentence that says which proof and why.</summary>
internal sealed class DrillException(string message) : Exception(message);
