namespace Dbre.Cli.Tests.Testing;

/// <summary>What a command said, and its exit code.</summary>
internal sealed record Said(int Code, string Out, string Error)
{
    /// <summary>Refused: nothing on standard output, this one sentence on standard error, exit code 2.</summary>
    public void ShouldRefuse(string sentence)
    {
        Error.ShouldBe(sentence + "\n");
        Out.ShouldBeEmpty();
        Code.ShouldBe(2);
    }
}
