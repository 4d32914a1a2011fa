using System.Data.Common;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>Measures a stub database: its tables' counters stand for rows and checksums. Reading takes its time, as it would.</summary>
internal sealed class StubMeasurement(StubEngine engine, Weather weather, TimeProvider clock) : IDatabaseMeasurement
{
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(20);

    public async Task<Measurement> Measure(string engineName, string address, int port, DatabaseLogin login, CancellationToken stop)
    {
        if (weather.DatabasesHang)
        {
            weather.Count(FaultKind.DatabaseHangs, address);
            await Forever(stop).ConfigureAwait(false);
        }

        // One transaction's snapshot: the content is that of its begin.
        var content = (engine.At(port) ?? throw new StubUnreachableException($"Failed to connect to {address}:{port}")).Content;
        await Task.Delay(Reading, clock, stop).ConfigureAwait(false);
        return new Measurement(engineName, "16.4", clock.GetUtcNow(), [.. content.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t =>
            new TableMeasurement($"app.public.{t.Key}", t.Value.Rows, $"{t.Value.Rows}/{t.Value.Flaws}"))]);
    }

    // A Task.Delay that is cancelled goes on on another thread, where nothing of a world may be.
    private static async Task Forever(CancellationToken stop)
    {
        var never = new TaskCompletionSource();
        using var registration = stop.UnsafeRegister(_ => never.TrySetCanceled(stop), null);
        await never.Task.ConfigureAwait(false);
    }

    private sealed class StubUnreachableException(string message) : DbException(message)
    {
        public override bool IsTransient => true;
    }
}
