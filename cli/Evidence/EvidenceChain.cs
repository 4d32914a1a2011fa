using System.Text.Json.Nodes;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Evidence;

/// <summary>
/// The chain of an automation's evidence, checked from its newest record back to its first: each record matches its own hash, and names the
/// hash of the one before.
/// </summary>
/// <param name="Records">The chained records, oldest first.</param>
/// <param name="Faults">One sentence for each link that does not hold; empty when the chain does.</param>
internal sealed record EvidenceChain(IReadOnlyList<JsonObject> Records, IReadOnlyList<string> Faults)
{
    public bool Holds => Faults.Count == 0;

    /// <param name="stored">Every document in the bucket. A run that had to chain again left a document that no link names; it counts for nothing.</param>
    /// <param name="head">What the ledger holds as the newest; null when the ledger has none.</param>
    public static EvidenceChain Check(IReadOnlyList<JsonObject> stored, EvidenceHead? head)
    {
        var faults = new List<string>();
        foreach (var record in stored.Where(r => EvidenceStore.Hash(r) != Hash(r)))
        {
            faults.Add($"The record of '{Operation(record)}' was changed after it was written: its hash field is {Short(Hash(record))}, its content has {Short(EvidenceStore.Hash(record))}.");
        }

        var left = stored.OrderBy(r => Text(r, "endedAt"), StringComparer.Ordinal).ToList();
        var newestFirst = new List<JsonObject>();
        var chained = new HashSet<string>(StringComparer.Ordinal);
        if (head is null)
        {
            return new EvidenceChain(left, left.Count == 0 ? faults : [.. faults, $"The ledger has no newest record, but {left.Count} are stored; the chain has lost its end."]);
        }

        var (wanted, namedBy) = (head.Hash, $"The ledger names '{head.OperationId}'");
        while (wanted.Length > 0)
        {
            var next = left.FirstOrDefault(r => Hash(r) == wanted);
            if (next is null)
            {
                faults.Add($"{namedBy} with the hash {Short(wanted)}, but no stored record has it: that link is broken.");
                next = left.LastOrDefault(r => !chained.Contains(Operation(r)));
                if (next is null)
                {
                    break;
                }
            }

            left.Remove(next);
            chained.Add(Operation(next));
            newestFirst.Add(next);
            (wanted, namedBy) = (Text(next, "previousHash"), $"The record of '{Operation(next)}' names the one before it");
        }

        faults.AddRange(left.Where(r => !chained.Contains(Operation(r))).Select(r => $"The record of '{Operation(r)}' is stored, but no link of the chain leads to it."));
        return new EvidenceChain([.. Enumerable.Reverse(newestFirst)], faults);
    }

    public static string Operation(JsonObject record) => Text(record, "operationId");

    private static string Hash(JsonObject record) => Text(record, "hash");

    private static string Text(JsonObject record, string field) => record[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string Short(string hash) => hash.Length > 12 ? $"{hash[..12]}…" : $"'{hash}'";
}
