using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Functions.Restore;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre window</c>: from when to when a database or a table can be restored.</summary>
internal static class WindowCommand
{
    public static Command Create(Surroundings here)
    {
        var name = new Argument<string>("name") { Description = "The database, there or gone; with --table the DynamoDB table." };
        var table = Options.Flag("--table", "It is a DynamoDB table.");
        var region = Options.Text("--region", "Another Region, to which the database's automated backups are replicated.");
        var json = Options.Flag("--json", "Print JSON and nothing else.");
        var command = new Command("window", "The earliest and the latest second to which a database or a table can be restored.") { name, table, region, json };
        command.SetAction(async (parsed, stop) =>
        {
            var elsewhere = parsed.GetValue(region) is { } other ? Account.ToRegion("--region", other) : null;
            if (elsewhere is not null && parsed.GetValue(table))
            {
                throw new BadInputException($"--region is '{elsewhere}' beside --table; allowed is one or the other, since table-restore restores a table in its own Region.");
            }

            var account = await here.Aws(stop).ConfigureAwait(false);
            var window = parsed.GetValue(table)
                ? await OfTable(account, parsed.GetValue(name)!, stop).ConfigureAwait(false)
                : await OfDatabase(account, parsed.GetValue(name)!.ToLowerInvariant(), elsewhere == account.Region ? null : elsewhere, stop).ConfigureAwait(false);
            here.Print(parsed.GetValue(json)
                ? new JsonObject { [window.What] = window.Name, ["status"] = window.Status, ["earliest"] = Written(window.Earliest), ["latest"] = Written(window.Latest), ["region"] = elsewhere ?? account.Region }.ToJsonString()
                : $"{window.Name}{(window.Status is null ? " is gone; its backups" : "")} can be restored{(elsewhere is null ? "" : $" in {elsewhere}")} from {Written(window.Earliest)} to {Written(window.Latest)}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<Window> OfDatabase(Account account, string id, string? elsewhere, CancellationToken stop)
    {
        var source = await SourceReader.Find(account.Databases, id, stop).ConfigureAwait(false);
        if (elsewhere is not null)
        {
            source = await SourceReader.Elsewhere(account.DatabasesIn(elsewhere), source, id, account.Region, stop).ConfigureAwait(false);
            if (source is { AutomatedBackup: null })
            {
                throw new BadInputException($"--region is '{elsewhere}', to which no automated backups of '{id}' are replicated; only copies of its snapshots can be restored there.");
            }
        }

        if (source is null)
        {
            throw new BadInputException($"name is '{id}'; there is no such database in {account.Region}, and no automated backup of one of that name{(elsewhere is null ? "" : $" in {account.Region} or {elsewhere}")}.");
        }

        return source is { Earliest: { } earliest, Latest: { } latest }
            ? new Window("database", id, source.Status, earliest, latest)
            : throw new BadInputException(source.BackupRetentionDays == 0
                ? $"name is '{id}', whose automated backups are off; only its snapshots can be restored."
                : $"name is '{id}', of which nothing can be restored yet: its first automated backup is not finished.");
    }

    private static async Task<Window> OfTable(Account account, string name, CancellationToken stop)
    {
        var source = (TablePreflight.MayBeAName(name) ? await TableReader.Find(account.Tables, name, stop).ConfigureAwait(false) : null)
            ?? throw new BadInputException($"name is '{name}'; there is no such table in {account.Region}, and no backup of one.");
        return source is { Earliest: { } earliest, Latest: { } latest }
            ? new Window("table", name, source.Status, earliest, latest)
            : throw new BadInputException(source.Status is null
                ? $"name is '{name}', which was deleted; only its backups can be restored: {string.Join(", ", source.Backups.Select(b => b.Name))}."
                : $"name is '{name}', whose point-in-time recovery is off; only its backups can be restored.");
    }

    private static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="Status">Null when it is gone.</param>
    private sealed record Window(string What, string Name, string? Status, DateTimeOffset Earliest, DateTimeOffset Latest);
}
