namespace Dbre.Cli.Terminal;

/// <summary>Where long work tells how far it is. Calls may come from several threads at once.</summary>
/// <remarks>
/// <code>
/// await Progress.Show(here, ProgressForm.Person, async progress =>
/// {
///     progress.At("nights", "night 3 of 30", 0.1);
///     progress.End("nights", "30 nights", failed: false);
/// });
/// </code>
/// </remarks>
internal abstract class Progress
{
    /// <summary>Runs the work: bars that move on a terminal, a line per step elsewhere.</summary>
    public static Task<T> Show<T>(Surroundings here, ProgressForm form, Func<Progress, Task<T>> work) => form switch
    {
        ProgressForm.Nothing => work(new NoProgress()),
        ProgressForm.Json => work(new JsonProgress(here)),
        _ when here.Out.Profile.Out.IsTerminal => ProgressBars.Run(here, work),
        _ => work(new ProgressLines(here)),
    };

    /// <summary>Something worth a line of its own.</summary>
    public abstract void Say(string text);

    /// <summary>What is done for <paramref name="name"/> now. The same step again only moves its share.</summary>
    /// <param name="share">From 0 to 1; null when nobody knows.</param>
    public abstract void At(string name, string step, double? share);

    /// <summary><paramref name="name"/> is over.</summary>
    /// <param name="said">What came of it, in a few words.</param>
    public abstract void End(string name, string said, bool failed);
}

/// <summary>For whom progress is told.</summary>
internal enum ProgressForm
{
    /// <summary>Bars on a terminal, plain lines elsewhere.</summary>
    Person,

    /// <summary>A JSON object per line.</summary>
    Json,

    /// <summary>Nobody: only the result is wanted.</summary>
    Nothing,
}
