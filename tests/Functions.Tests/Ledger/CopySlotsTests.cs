using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Ledgers;

public sealed class CopySlotsTests
{
    private static readonly Location Ireland = new("eu-west-1");
    private readonly LedgerLab lab = new();

    [Theory]
    [InlineData(DatabaseKind.Instance, 20)]
    [InlineData(DatabaseKind.Cluster, 5)]
    public async Task As_many_are_taken_as_AWS_allows_and_the_next_is_told_who_holds_them(DatabaseKind kind, int quota)
    {
        for (var i = 0; i < quota; i++)
        {
            (await Take($"s-{i:D2}", kind)).Taken.ShouldBeTrue();
        }

        var refused = await Take("one-more", kind);

        refused.Taken.ShouldBeFalse();
        refused.Holders.Keys.Order().ShouldBe(Enumerable.Range(0, quota).Select(i => $"s-{i:D2}"));
        refused.Holders.Values.ShouldAllBe(since => since == lab.Clock.Now);
        (await Take("one-more", kind, new Location("eu-west-1", "222222222222"))).Taken.ShouldBeTrue();
    }

    [Fact]
    public async Task A_slot_is_kept_from_when_it_was_first_taken_and_given_back_once()
    {
        var taken = lab.Clock.Now;
        await Take("s");
        lab.Clock.Now = taken.AddMinutes(5);
        await Take("s");

        (await lab.Ledger.ReleaseCopySlot(Ireland, DatabaseKind.Instance, "s", default)).ShouldBe(taken);
        (await lab.Ledger.ReleaseCopySlot(Ireland, DatabaseKind.Instance, "s", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Waiting_for_a_slot_costs_one_write_a_look()
    {
        for (var i = 0; i < 20; i++)
        {
            await Take($"s-{i}");
        }

        lab.Calls.Clear();
        await Take("one-more");
        await Take("one-more");

        lab.Calls.ShouldBe(["dynamodb:UpdateItem ConditionalCheckFailedException", "dynamodb:UpdateItem ConditionalCheckFailedException"]);
    }

    [Fact]
    public async Task Of_all_who_wait_one_looks_for_slots_that_were_left_behind()
    {
        var every = TimeSpan.FromMinutes(10);
        await Take("s");

        (await Check(every)).ShouldBeTrue();
        (await Check(every)).ShouldBeFalse();
        lab.Clock.Now += every;
        (await Check(every)).ShouldBeTrue();
    }

    private Task<CopySlot> Take(string snapshot, DatabaseKind kind = DatabaseKind.Instance, Location? where = null) => lab.Ledger.TakeCopySlot(where ?? Ireland, kind, snapshot, default);

    private Task<bool> Check(TimeSpan every) => lab.Ledger.TakeOnSlotCheck(Ireland, DatabaseKind.Instance, every, default);
}
