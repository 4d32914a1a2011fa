using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Functions.Restore;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre window</c>: from when to when a database can be restored.</summary>
internal static class WindowCommand
{
    public static Command Create(Surroundings here)
    {
        var name = new Argument<string>("database") { Description = "The database, there or gone." };
        var json = Options.Flag("--json", "Print JSON and nothing else.");
        var command = new Command("window", "The earliest and the latest second to which a database can be restored.") { name, json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var id = parsed.GetValue(name)!.ToLowerInvariant();
            var source = await SourceReader.Find(account.Databases, id, stop).ConfigureAwait(false)
                ?? throw new BadInputException($"database is '{id}'; there is no such database in {account.Region}, and no automated backup of an instance of that name.");
            if (source is not { Earliest: { } earliest, Latest: { } latest })
            {
                throw new BadInputException(source.BackupRetentionDays == 0
                    ? $"database is '{id}', whose automated backups are off; only its snapshots can be restored."
                    : $"database is '{id}', of which nothing can be restored yet: its first automated backup is not finished.");
            }

            here.Print(parsed.GetValue(json)
                ? new JsonObject { ["database"] = id, ["status"] = source.Status, ["earliest"] = Written(earliest), ["latest"] = Written(latest) }.ToJsonString()
                : $"{id}{(source.Status is null ? " is gone; its backups" : "")} can be restored from {Written(earliest)} to {Written(latest)}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
