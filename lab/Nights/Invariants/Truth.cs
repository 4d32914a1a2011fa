using System.Text.Json;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>
/// What is really the case, whatever the functions believe: which snapshots there are, what each should hold and does hold, and which copies
/// were restored and read. Invariants are checked against this.
/// </summary>
internal sealed class Truth
{
    private readonly SimulatedCloud cloud;
    private readonly Dictionary<string, IReadOnlyDictionary<string, StubContent>> shouldHold = new(StringComparer.Ordinal);
    private readonly HashSet<(string Arn, DateTimeOffset? Made)> proven = [];
    private readonly HashSet<(string Arn, DateTimeOffset? Made)> restored = [];

    internal Truth(SimulatedCloud cloud)
    {
        this.cloud = cloud;
        cloud.Engine.Frozen += (snapshot, content) => shouldHold[snapshot] = content;
    }

    internal DateTimeOffset Now => cloud.Clock.GetUtcNow();

    internal SnapshotView? Snapshot(string region, bool cluster, string id) => cloud.Rds.SnapshotOf(SimulatedCloud.Account, region, cluster, id);

    internal IEnumerable<SnapshotView> SnapshotsOf(string region, string database) =>
        cloud.Rds.SnapshotsOf(SimulatedCloud.Account, region).Where(s => s.Database == database);

    /// <summary>A copy was restored by the functions.</summary>
    internal void NoteRestore(SnapshotView copy) => restored.Add((copy.Arn, copy.Made));

    internal bool WasRestored(SnapshotView copy) => restored.Contains((copy.Arn, copy.Made));

    /// <summary>The functions claim a copy as proven, and it is.</summary>
    internal void NoteProof(SnapshotView copy) => proven.Add((copy.Arn, copy.Made));

    /// <summary>This very copy, not one of the same name before it, was proven.</summary>
    internal bool IsProven(SnapshotView copy) => proven.Contains((copy.Arn, copy.Made));

    /// <summary>Whether a copy holds what was frozen when it was asked for.</summary>
    internal bool IsWhole(SnapshotView copy) =>
        shouldHold.TryGetValue(copy.Stored, out var should) && cloud.Engine.ContentOf(copy.Stored) is { } does
        && should.Count == does.Count && should.All(t => does.TryGetValue(t.Key, out var found) && found == t.Value);

    /// <summary>A value of an event, by path; null where it has none.</summary>
    internal static JsonElement? Read(ReadOnlyMemory<byte> payload, params ReadOnlySpan<string> path)
    {
        using var document = JsonDocument.Parse(payload);
        var at = document.RootElement;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.Clone();
    }
}
