using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

/// <summary>Every place where two databases may be found when a swap is continued or taken back. O is the old one, R the restored, X another, - nobody, a small letter is renaming.</summary>
public sealed class SwapTests
{
    [Theory]
    // On the source's name, on the restored's own, on the kept's.
    [InlineData("O", "R", "-", SwapStep.SetOldAside)]
    [InlineData("o", "R", "-", SwapStep.Wait)]
    [InlineData("-", "R", "-", SwapStep.Wait)]
    [InlineData("-", "R", "o", SwapStep.Wait)]
    [InlineData("-", "R", "O", SwapStep.GiveNameToRestored)]
    [InlineData("-", "r", "O", SwapStep.Wait)]
    [InlineData("-", "-", "O", SwapStep.Wait)]
    [InlineData("r", "-", "O", SwapStep.Wait)]
    [InlineData("R", "-", "O", SwapStep.Done)]
    [InlineData("X", "R", "O", SwapStep.Stuck)]
    [InlineData("O", "X", "-", SwapStep.Stuck)]
    [InlineData("O", "-", "-", SwapStep.Stuck)]
    [InlineData("O", "R", "X", SwapStep.Stuck)]
    public void Forward(string source, string restored, string kept, SwapStep step) => Swap.Next(Names(source, restored, kept)).ShouldBe(step);

    [Theory]
    [InlineData("O", "R", "-", SwapStep.Done)]
    [InlineData("O", "-", "-", SwapStep.Done)]
    [InlineData("o", "R", "-", SwapStep.Wait)]
    [InlineData("-", "R", "-", SwapStep.Wait)]
    [InlineData("-", "R", "o", SwapStep.Wait)]
    [InlineData("-", "R", "O", SwapStep.GiveNameToOld)]
    [InlineData("-", "-", "O", SwapStep.GiveNameToOld)]
    [InlineData("-", "r", "O", SwapStep.Wait)]
    [InlineData("r", "-", "O", SwapStep.Wait)]
    [InlineData("R", "-", "O", SwapStep.TakeNameFromRestored)]
    [InlineData("R", "X", "O", SwapStep.Stuck)]
    [InlineData("X", "R", "O", SwapStep.Stuck)]
    [InlineData("X", "R", "-", SwapStep.Stuck)]
    public void Back(string source, string restored, string kept, SwapStep step) => Swap.Back(Names(source, restored, kept)).ShouldBe(step);

    /// <summary>Cut short after any number of renamings and taken back, or continued: in the end one of the two has the name, and the other another one.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Cut_short_anywhere_it_ends_with_one_database_under_the_name(int renamings)
    {
        var there = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = "O", ["as"] = "R", ["kept"] = "-" };
        for (var i = 0; i < renamings; i++)
        {
            Rename(there, Swap.Next(Of(there)));
        }

        var back = new Dictionary<string, string>(there, StringComparer.Ordinal);
        Settle(there, Swap.Next).ShouldBe(("R", "-", "O"));
        Settle(back, Swap.Back).ShouldBe(("O", "R", "-"));
    }

    /// <summary>A look is a wait, a task and a choice: 2, 5 and 2 events. More than 25,000 end an execution on the spot, with the names wherever they are.</summary>
    [Fact]
    public void Looking_for_as_long_as_it_may_take_forward_and_back_fits_an_executions_history() =>
        (2 * (Patience.Removal.TotalSeconds / Swap.LongestPause) * (2 + 5 + 2)).ShouldBeLessThan(25_000 * 0.8);

    private static (string Source, string As, string Kept) Settle(Dictionary<string, string> there, Func<NamesNow, SwapStep> next)
    {
        for (var i = 0; i < 4 && next(Of(there)) is var step and not SwapStep.Done; i++)
        {
            Rename(there, step);
        }

        return (there["source"], there["as"], there["kept"]);
    }

    private static void Rename(Dictionary<string, string> there, SwapStep step)
    {
        var plan = new RestorePlan("source", default, "", "", "", "", null, null, null, "as", "kept", default, "", null!, []);
        var (from, to) = SwapNames.Renaming(step, plan);
        there[to].ShouldBe("-", "RDS refuses a name that is taken.");
        (there[to], there[from]) = (there[from], "-");
    }

    private static NamesNow Of(Dictionary<string, string> there) => Names(there["source"], there["as"], there["kept"]);

    private static NamesNow Names(string source, string restored, string kept) => new("o", "r", Named(source), Named(restored), Named(kept));

    private static NamedDatabase? Named(string who) =>
        who == "-" ? null : new NamedDatabase("id", who.ToLowerInvariant(), "arn", char.IsUpper(who[0]) ? "available" : "renaming", null, 0, null);
}
