namespace Dbre.Cli;

/// <summary>What the command says to a shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It was tried and did not hold; the reason was printed.</summary>
    public const int Failure = 1;

    /// <summary>Nothing was tried: what was given is wrong, or AWS cannot be reached as asked.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells number it.</summary>
    public const int Interrupted = 130;
}
