using Spectre.Console;

namespace Dbre.Cli;

/// <summary>What a command works with, so that tests give their own: where it writes, its clock, its caller, and the AWS account it acts in.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">Why it was not done.</param>
/// <param name="Folder">Where the caller stands: relative paths that are given start there.</param>
/// <param name="Variable">An environment variable; null when it is not set.</param>
/// <param name="Aws">Finds Region and credentials when a command first needs them, and proves that they are accepted.</param>
internal sealed record Surroundings(
    IAnsiConsole Out, TextWriter Error, TimeProvider Clock, string Folder, Func<string, string?> Variable, Func<CancellationToken, Task<Account>> Aws)
{
    // The script dbre goes to the project's folder, and says here where it was called.
    private const string CallerFolder = "DBRE_CALLER_FOLDER";

    public static Surroundings OfProcess() => new(
        AnsiConsole.Console, Console.Error, TimeProvider.System, Set(CallerFolder) ?? Directory.GetCurrentDirectory(), Set, stop => Account.OfEnvironment(Set, stop));

    /// <summary>Text as it is: no markup, no wrapping, so that other programs can read it.</summary>
    public void Print(string text)
    {
        Out.Profile.Out.Writer.WriteLine(text);
        Out.Profile.Out.Writer.Flush();
    }

    /// <summary>A path as the caller means it.</summary>
    public string PathOf(string given) => Path.GetFullPath(given, Folder);

    private static string? Set(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
