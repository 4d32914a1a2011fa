using System.CommandLine;

using Dbre.Cli.Commands;

var root = new RootCommand("Database reliability automation for AWS, and its rehearsal on this machine.") { DrillCommand.Create(), LabCommand.Create() };
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(parsed.Errors[0].Message).ConfigureAwait(false);
    return 2;
}

return await parsed.InvokeAsync().ConfigureAwait(false);
