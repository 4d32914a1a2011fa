using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Evidence;

/// <summary>
/// The chain of an automation's evidence, checked from its newest record back to its first: each record matches its own hash, stands where it
/// was written, and names the hash of the one before.
/// </summary>
/// <param name="Records">The chained records, oldest first.</param>
/// <param name="Faults">One sentence for each thing that does not hold; empty when the chain does.</param>
internal sealed record EvidenceChain(string Automation, IReadOnlyList<StoredRecord> Records, IReadOnlyList<string> Faults)
{
    public bool Holds => Faults.Count == 0;

    /// <param name="stored">Every document of the automation. A run that had to chain again left a document that no link names; it counts for nothing.</param>
    /// <param name="head">What the ledger holds as the newest; null when the ledger has none.</param>
    public static EvidenceChain Check(string automation, IReadOnlyList<StoredRecord> stored, EvidenceHead? head)
    {
        var faults = stored.SelectMany(r => Faulty(automation, r)).ToList();
        var left = stored.OrderBy(r => r.EndedAt, StringComparer.Ordinal).ToList();
        if (head is null)
        {
            return new EvidenceChain(automation, left, left.Count == 0 ? faults : [.. faults, $"The ledger has no newest record, but {left.Count} are stored; the chain has lost its end."]);
        }

        var newestFirst = new List<StoredRecord>();
        var chained = new HashSet<string>(StringComparer.Ordinal);
        var (wanted, namedBy) = (head.Hash, $"The ledger names '{head.OperationId}' as the newest");
        while (wanted.Length > 0)
        {
            var next = left.FirstOrDefault(r => r.Hash == wanted);
            if (next is null)
            {
                faults.Add($"{namedBy}, with the hash {Short(wanted)}, but no stored record has it: a record is missing or was changed there.");

                // What is left can still be checked: from its own end, the newest that no other names.
                next = left.LastOrDefault(r => !chained.Contains(r.Operation) && left.All(other => other.PreviousHash != r.Hash));
                if (next is null)
                {
                    break;
                }
            }

            left.Remove(next);
            chained.Add(next.Operation);
            newestFirst.Add(next);
            (wanted, namedBy) = (next.PreviousHash, $"The record of '{next.Operation}' names the one before it");
        }

        faults.AddRange(left.Where(r => !chained.Contains(r.Operation)).Select(r => $"The record of '{r.Operation}' is stored, but no link of the chain leads to it."));
        return new EvidenceChain(automation, [.. Enumerable.Reverse(newestFirst)], faults);
    }

    /// <summary>What is wrong with a record by itself.</summary>
    public static IEnumerable<string> Faulty(string automation, StoredRecord record)
    {
        if (record.ContentHash != record.Hash)
        {
            yield return $"The record of '{record.Operation}' was changed after it was written: its hash field is {Short(record.Hash)}, its content has {Short(record.ContentHash)}.";
        }

        var place = record.Hash.Length < 16 ? "" : EvidenceStore.KeyOf(automation, record.Operation, record.Hash);
        if (record.Key != place)
        {
            yield return $"The object '{record.Key}' holds the record of '{record.Operation}' with the hash {Short(record.Hash)}, which was not written there.";
        }
    }

    private static string Short(string hash) => hash.Length > 12 ? $"{hash[..12]}…" : $"'{hash}'";
}
