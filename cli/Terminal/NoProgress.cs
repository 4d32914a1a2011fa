namespace Dbre.Cli.Terminal;

/// <summary>Says nothing.</summary>
internal sealed class NoProgress : Progress
{
    public override void Say(string text)
    {
    }

    public override void At(string name, string step, double? share)
    {
    }

    public override void End(string name, string said, bool failed)
    {
    }
}
