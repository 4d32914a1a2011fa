namespace Dbre.Cli.Tests.Testing;

/// <summary>Somebody who types a command, in a folder of their own, with no AWS behind it unless one is given.</summary>
internal sealed class Caller : IDisposable
{
    private readonly Func<CancellationToken, Task<Account>> aws;
    private readonly TimeProvider clock;

    public Caller(Func<CancellationToken, Task<Account>>? aws = null, TimeProvider? clock = null)
    {
        this.aws = aws ?? (_ => throw new InvalidOperationException("A mistake in what was typed must be found before AWS is asked."));
        this.clock = clock ?? new Lab.Simulation.VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("dbre-cli-").FullName;

    public string Has(string file, string content)
    {
        File.WriteAllText(Path.Combine(Folder, file), content);
        return file;
    }

    public Task<Said> Types(params string[] words) => Types(new Screen(), words);

    public async Task<Said> Types(Screen screen, params string[] words)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.Run(words, new Surroundings(screen.Console(), error, clock, Folder, _ => null, aws));
        return new Said(code, screen.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
