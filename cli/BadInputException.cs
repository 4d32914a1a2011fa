namespace Dbre.Cli;

/// <summary>What a person gave cannot be used. Nothing was changed; the command ends with exit code 2.</summary>
/// <param name="problems">One sentence each, naming field, value and what is allowed.</param>
internal sealed class BadInputException(params IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
