using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Cli.Evidence;
using Dbre.Cli.Report;
using Dbre.Cli.Runs;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre evidence</c>: shows what a run proved; with <c>--verify</c> checks the whole chain. Exit code 1 when something does not hold.</summary>
internal static class EvidenceCommand
{
    public static Command Create(Surroundings here)
    {
        var operation = new Argument<string?>("operation") { Description = "Which run, by its operation id; default: the newest night.", Arity = ArgumentArity.ZeroOrOne };
        var verify = Options.Flag("--verify", "Check the whole chain: every record against its hash, and every link.");
        var html = Options.Text("--html", "Write the report as a page to this file as well.");
        var json = Options.Flag("--json", "Print JSON and nothing else: the record; with --verify the chain's verdict.");
        var command = new Command("evidence", "What a run proved, and whether the chain of evidence holds.") { operation, verify, html, json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var evidence = new EvidenceBucket(account, here.Clock);
            var asked = parsed.GetValue(operation);
            try
            {
                var faults = new List<string>();
                if (!parsed.GetValue(verify) || asked is not null || parsed.GetValue(html) is not null)
                {
                    faults.AddRange(await Show(here, evidence, asked, parsed.GetValue(html), parsed.GetValue(json), stop).ConfigureAwait(false));
                }

                if (parsed.GetValue(verify))
                {
                    faults = [.. await Verify(here, evidence, parsed.GetValue(json), stop).ConfigureAwait(false)];
                }

                return await Told(here, faults).ConfigureAwait(false);
            }
            catch (EvidenceException missing)
            {
                return await Told(here, [missing.Message]).ConfigureAwait(false);
            }
        });
        return command;
    }

    /// <summary>Shows one record, and gives what is wrong with it.</summary>
    private static async Task<IEnumerable<string>> Show(Surroundings here, EvidenceBucket evidence, string? asked, string? html, bool json, CancellationToken stop)
    {
        var (automation, found) = await Find(evidence, asked, stop).ConfigureAwait(false);
        if (found is null)
        {
            here.Print(json ? "null" : "There is no evidence yet: no run has ended.");
            return [];
        }

        EvidenceRecord record;
        try
        {
            record = EvidenceRecord.Read(found.Document);
        }
        catch (JsonException other)
        {
            throw new EvidenceException($"The record of '{found.Operation}' has a field of another type than evidence has: {other.Path}.");
        }

        if (html is not null)
        {
            await WritePage(here, html, found, stop).ConfigureAwait(false);
        }

        if (json)
        {
            here.Print(found.Document.ToJsonString());
        }
        else
        {
            TerminalReport.Write(here.Out, record);
        }

        return EvidenceChain.Faulty(automation, found);
    }

    /// <summary>An operation of any flow; without one the newest night, and only where none has ended the newest of another flow.</summary>
    private static async Task<(string Automation, StoredRecord? Found)> Find(EvidenceBucket evidence, string? asked, CancellationToken stop)
    {
        foreach (var automation in Flow.Names)
        {
            if (await evidence.Find(automation, asked, stop).ConfigureAwait(false) is { } record)
            {
                return (automation, record);
            }
        }

        return asked is null ? default : throw new BadInputException($"operation is '{asked}', which left no evidence; allowed are the operation ids that ./dbre history lists.");
    }

    /// <summary>Checks each automation's chain, and gives what does not hold.</summary>
    private static async Task<IReadOnlyList<string>> Verify(Surroundings here, EvidenceBucket evidence, bool json, CancellationToken stop)
    {
        var chains = new List<EvidenceChain>();
        foreach (var automation in Flow.Names)
        {
            chains.Add(await evidence.Chain(automation, stop).ConfigureAwait(false));
        }

        if (json)
        {
            here.Print(new JsonArray([.. chains.Select(Verdict)]).ToJsonString());
        }
        else
        {
            foreach (var chain in chains)
            {
                here.Print(
                    chain.Holds && chain.Records.Count == 0 ? $"{chain.Automation}: there is no evidence yet."
                    : chain.Holds ? $"{chain.Automation}: the chain of {Plural.Of(chain.Records.Count, "record", "records")} holds. Each matches its hash and names the one before."
                    : $"{chain.Automation}: the chain of evidence does not hold, for {Plural.Of(chain.Faults.Count, "reason", "reasons")}.");
            }
        }

        return [.. chains.SelectMany(c => c.Faults)];
    }

    private static JsonObject Verdict(EvidenceChain chain) => new()
    {
        ["automation"] = chain.Automation,
        ["holds"] = chain.Holds,
        ["records"] = chain.Records.Count,
        ["newest"] = chain.Records is [.., var newest] ? newest.Hash : null,
        ["faults"] = new JsonArray([.. chain.Faults.Select(f => JsonValue.Create(f))]),
    };

    private static async Task<int> Told(Surroundings here, IReadOnlyList<string> faults)
    {
        foreach (var fault in faults)
        {
            await here.Error.WriteLineAsync(fault).ConfigureAwait(false);
        }

        return faults.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task WritePage(Surroundings here, string path, StoredRecord record, CancellationToken stop)
    {
        try
        {
            await File.WriteAllTextAsync(here.PathOf(path), HtmlReport.Render([record.Document]), stop).ConfigureAwait(false);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--html is '{path}', which cannot be written: {unwritable.Message}");
        }
    }
}
