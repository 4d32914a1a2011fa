using System.CommandLine;
using System.CommandLine.Parsing;

using Amazon.Runtime;

using Dbre.Cli.Commands;
using Dbre.Lab.Host;

namespace Dbre.Cli;

/// <summary>
/// The <c>dbre</c> command: its parts, and what becomes of a mistake. A new command is a class under <c>Commands/</c> with a <c>Create</c> that
/// declares it (<see cref="Options"/>) and is listed in <see cref="Root"/>. It throws <see cref="BadInputException"/> before it changes
/// anything, and gives an <see cref="ExitCode"/>.
/// </summary>
internal static class CommandLine
{
    // Long enough for a lab to stop its servers and remove its folder after Ctrl-C.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(IReadOnlyList<string> args, Surroundings here)
    {
        var parsed = Root(here).Parse(args);
        if (Mistake(parsed) is { } mistake)
        {
            return await Told(here, ExitCode.BadInput, mistake).ConfigureAwait(false);
        }

        try
        {
            var how = new InvocationConfiguration
            {
                Output = here.Out.Profile.Out.Writer, Error = here.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestEnd,
            };
            return await parsed.InvokeAsync(how).ConfigureAwait(false);
        }
        catch (BadInputException bad)
        {
            return await Told(here, ExitCode.BadInput, [.. bad.Problems]).ConfigureAwait(false);
        }
        catch (LabException bad)
        {
            return await Told(here, ExitCode.BadInput, bad.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return await Told(here, ExitCode.Interrupted, "Interrupted.").ConfigureAwait(false);
        }
        catch (AmazonServiceException refused)
        {
            return await Told(here, ExitCode.Failure, $"AWS refused: {refused.ErrorCode}: {refused.Message}").ConfigureAwait(false);
        }
        catch (Exception unreachable) when (unreachable is AmazonClientException or HttpRequestException)
        {
            return await Told(here, ExitCode.Failure, $"AWS does not answer any more: {unreachable.Message}").ConfigureAwait(false);
        }
    }

    private static RootCommand Root(Surroundings here) => new("Database reliability automation for AWS, and its rehearsal on this machine.")
    {
        DrillCommand.Create(here),
        LabCommand.Create(here),
        RunCommand.Create(here),
        ApproveCommand.Create(here),
        WindowCommand.Create(here),
        StatusCommand.Create(here),
        HistoryCommand.Create(here),
        EvidenceCommand.Create(here),
        SimulateCommand.Create(here),
        Script("test", "Run every test, as CI does."),
        Script("synth", "Synthesize the stacks into cdk.out."),
        Script("build", "Install what is missing and build everything."),
    };

    /// <summary>A command of the script <c>dbre</c>, which answers before this program is asked; it is here for the list of commands.</summary>
    private static Command Script(string name, string description)
    {
        var command = new Command(name, description);
        command.SetAction((Action<ParseResult>)(_ => throw new BadInputException($"'{name}' is a command of the script; call ./dbre {name}.")));
        return command;
    }

    private static async Task<int> Told(Surroundings here, int code, params IReadOnlyList<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            await here.Error.WriteLineAsync(sentence).ConfigureAwait(false);
        }

        return code;
    }

    /// <summary>One sentence for the first thing that is wrong with what was typed; null when nothing is.</summary>
    private static string? Mistake(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return $"'{unknown}' is not known after '{Path(command)}'; {Allowed(command)}.";
        }

        if (command.Subcommands.Count > 0 && parsed.Errors.All(e => e.SymbolResult is CommandResult))
        {
            return $"'{Path(command)}' needs a command after it; {Allowed(command)}.";
        }

        return command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }) is { } missing
            ? $"'{Path(command)}' needs <{missing.Name}>: {missing.Description}"
            : parsed.Errors[0].Message;
    }

    private static string Allowed(Command command)
    {
        var words = command.Subcommands.Select(c => c.Name)
            .Concat(command.Arguments.Select(a => $"<{a.Name}>"))
            .Concat(command.Options.Where(o => !o.Hidden && o.Name.StartsWith("--", StringComparison.Ordinal)).Select(o => o.Name)).ToList();
        return words.Count == 0 ? "nothing is allowed there" : $"allowed {(words.Count == 1 ? "is" : "are")} {string.Join(", ", words)}";
    }

    private static string Path(Command command) => command is RootCommand ? "dbre" : $"{Path((Command)command.Parents.First())} {command.Name}";
}
