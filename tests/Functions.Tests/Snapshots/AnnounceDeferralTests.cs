using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class AnnounceDeferralTests
{
    [Fact]
    public void Message_says_how_many_which_and_what_would_carry_them()
    {
        var selection = new RunSelection(
            [Plans.Of("a")], [], [new DeferredDatabase("b", ""), new DeferredDatabase("c", "")], [new QuotaShortfall("Manual DB instance snapshots", "us-east-1", null, 100, 102)]);

        AnnounceDeferral.Message("night", selection).ShouldBe(
            "night carries 1 of 3 databases. The quota 'Manual DB instance snapshots' of us-east-1 is 100; 102 would carry all.\n\nDeferred to another night:\nb\nc\n");
    }

    [Fact]
    public void Message_of_very_many_stays_short() =>
        AnnounceDeferral.Message("night", new RunSelection([], [], [.. Enumerable.Range(0, 1200).Select(i => new DeferredDatabase($"db-{i}", ""))], []))
            .ShouldEndWith("db-199\n… and 1000 more\n");
}
