using Dbre.Lab.Engines;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Simulation;

namespace Dbre.Engines.Tests;

public sealed class StubEngineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly VirtualClock clock = new(Start);

    private static DatabaseSpec Spec(string id) => new(id, "16.4", "app", "long enough", "shop");

    [Fact]
    public void One_seed_takes_the_same_times_again()
    {
        Ends(3).ShouldBe(Ends(3));
        Ends(3).ShouldNotBe(Ends(4));

        static DateTimeOffset Ends(int seed)
        {
            var time = new VirtualClock(Start);
            var engine = new StubEngine(time, seed, StubPace.AsAws);
            time.Run(Nightly(engine), Day);
            return time.GetUtcNow();
        }
    }

    [Fact]
    public void A_copy_takes_16_to_30_minutes_and_tells_its_progress()
    {
        var engine = new StubEngine(clock, 1, StubPace.AsAws);
        clock.Run(Taken(engine), Day);
        var (begun, told) = (clock.GetUtcNow(), new List<int>());

        clock.Run(AsValue(engine.CopySnapshot("s", "copy", told.Add, default)), Day);

        told.ShouldBe([25, 50, 75, 100]);
        (clock.GetUtcNow() - begun).TotalMinutes.ShouldBeInRange(16, 30);
    }

    [Fact]
    public void A_snapshot_has_the_rows_of_the_moment_it_began()
    {
        var engine = new StubEngine(clock, 1, StubPace.AsAws);
        clock.Run(engine.Create(Spec("db"), default), Day);
        engine.Databases["db"].Write("item", 10);
        var taking = AsValue(engine.TakeSnapshot("db", "s", default));
        engine.Databases["db"].Write("item", 5);

        clock.Run(taking, Day);

        engine.Snapshots["s"]["item"].ShouldBe(10);
        engine.Databases["db"].Tables["item"].ShouldBe(15);
    }

    [Fact]
    public void A_damaged_snapshot_restores_with_fewer_rows()
    {
        var engine = new StubEngine(clock, 1, StubPace.OneSecond);
        clock.Run(Taken(engine), Day);
        engine.Damage("s", "item", 1);

        clock.Run(engine.Restore("s", Spec("back"), default), Day);

        engine.Databases["back"].Tables["item"].ShouldBe(9);
    }

    [Fact]
    public void A_replica_takes_no_writes()
    {
        var engine = new StubEngine(clock, 1, StubPace.OneSecond);
        clock.Run(engine.Create(Spec("db"), default), Day);
        clock.Run(engine.CreateReplica("db", Spec("copy"), default), Day);

        Should.Throw<EngineException>(() => engine.Databases["copy"].Write("item", 1)).Message.ShouldContain("a replica");
    }

    private static async Task<bool> Taken(StubEngine engine)
    {
        await engine.Create(Spec("db"), default).ConfigureAwait(false);
        engine.Databases["db"].Write("item", 10);
        await engine.TakeSnapshot("db", "s", default).ConfigureAwait(false);
        return true;
    }

    private static async Task<bool> Nightly(StubEngine engine)
    {
        await Taken(engine).ConfigureAwait(false);
        await engine.CopySnapshot("s", "copy", null, default).ConfigureAwait(false);
        await engine.Restore("copy", Spec("back"), default).ConfigureAwait(false);
        return true;
    }

    private static async Task<bool> AsValue(Task work)
    {
        await work.ConfigureAwait(false);
        return true;
    }
}
