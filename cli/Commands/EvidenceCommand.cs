using System.CommandLine;
using System.Text.Json.Nodes;

using Dbre.Cli.Evidence;
using Dbre.Cli.Report;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre evidence</c>: shows what a run proved, and checks the whole chain first. Exit code 1 when a link is broken.</summary>
internal static class EvidenceCommand
{
    private const string Automation = "snapshot-copy";

    public static Command Create(Surroundings here)
    {
        var operation = new Argument<string?>("operation") { Description = "Which run; default: the newest.", Arity = ArgumentArity.ZeroOrOne };
        var html = new Option<string?>("--html") { Description = "Write the report as a page to this file as well." };
        var json = new Option<bool>("--json") { Description = "Print the records as JSON and nothing else: the one asked for, or all." };
        var command = new Command("evidence", "What a run proved, and whether the chain of evidence holds.") { operation, html, json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var chain = await new EvidenceBucket(account, here.Clock).Read(Automation, stop).ConfigureAwait(false);
            var asked = Asked(chain, parsed.GetValue(operation));
            if (parsed.GetValue(html) is { } path)
            {
                await WritePage(path, asked, stop).ConfigureAwait(false);
            }

            if (parsed.GetValue(json))
            {
                here.Print((parsed.GetValue(operation) is null ? new JsonArray([.. chain.Records.Select(r => r.DeepClone())]) : asked[0].DeepClone()).ToJsonString());
            }
            else
            {
                Write(here, chain, asked);
            }

            foreach (var fault in chain.Faults)
            {
                await here.Error.WriteLineAsync(fault).ConfigureAwait(false);
            }

            return chain.Holds ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static IReadOnlyList<JsonObject> Asked(EvidenceChain chain, string? operation)
    {
        if (operation is null)
        {
            return [.. chain.Records.TakeLast(1)];
        }

        var found = chain.Records.Where(r => EvidenceChain.Operation(r) == operation).ToList();
        return found.Count > 0
            ? found
            : throw new BadInputException($"operation is '{operation}', which left no evidence; allowed are {string.Join(", ", chain.Records.Select(EvidenceChain.Operation).TakeLast(5).DefaultIfEmpty("none yet"))}.");
    }

    private static void Write(Surroundings here, EvidenceChain chain, IReadOnlyList<JsonObject> asked)
    {
        foreach (var record in asked)
        {
            TerminalReport.Write(here.Out, EvidenceRecord.Read(record));
        }

        here.Print(
            chain.Records.Count == 0 ? "There is no evidence yet: no run has ended."
            : chain.Holds ? $"The chain of {Wording.Plural(chain.Records.Count, "record", "records")} holds: each matches its hash and names the one before."
            : $"The chain of evidence is broken in {Wording.Plural(chain.Faults.Count, "place", "places")}:");
    }

    private static async Task WritePage(string path, IReadOnlyList<JsonObject> records, CancellationToken stop)
    {
        try
        {
            await File.WriteAllTextAsync(path, HtmlReport.Render(records), stop).ConfigureAwait(false);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--html is '{path}', which cannot be written: {unwritable.Message}");
        }
    }
}
