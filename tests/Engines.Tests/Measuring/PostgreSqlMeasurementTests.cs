using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;

namespace Dbre.Engines.Tests.Measuring;

public sealed class PostgreSqlMeasurementTests(PostgreSqlLab lab) : IClassFixture<PostgreSqlLab>
{
    [Fact]
    public async Task A_table_measures_alike_until_a_row_of_it_changes()
    {
        var (_, at) = await lab.Loaded(500);

        var before = await Measure(at);
        var again = await Measure(at);
        await lab.Ask(at, "UPDATE item SET name = 'changed' WHERE id = 7");
        var after = await Measure(at);

        before.Tables.Count(t => t == new TableMeasurement("shop.public.item", 500, again.Tables[0].Checksum)).ShouldBe(1);
        again.Tables.ShouldBe(before.Tables);
        after.Rows.ShouldBe(500);
        after.Tables.ShouldNotBe(before.Tables);
        before.ServerVersion.ShouldStartWith(lab.Engine.DefaultVersion.Split('.')[0]);
    }

    [Fact]
    public async Task Of_a_large_table_a_sample_is_read_and_a_row_lost_at_its_end_is_missed()
    {
        var at = await lab.LoadedWith("CREATE TABLE event (id bigint PRIMARY KEY, note text); INSERT INTO event SELECT g * 7000000000, 'note ' || g FROM generate_series(1, 1000) g; ANALYZE event");
        var (all, some) = (new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System), new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System, new Sampling(999, 5, 20)));

        var source = await some.Measure("postgres", at.Host, at.Port, Login, default);
        source.Tables.ShouldHaveSingleItem().ShouldSatisfyAllConditions(t => t.Sampled.ShouldBeTrue(), t => t.Rows.ShouldBe(100));
        source.OnSamples().ShouldBe(" Only samples were read of shop.public.event.");
        (await all.MeasureAlike(["shop.public.event"], "postgres", at.Host, at.Port, Login, default)).Tables[0].Sampled.ShouldBeTrue();
        (await some.MeasureAlike([], "postgres", at.Host, at.Port, Login, default)).Tables.ShouldBe((await all.Measure("postgres", at.Host, at.Port, Login, default)).Tables);
        Comparison.Compare(source, source, await some.Measure("postgres", at.Host, at.Port, Login, default)).Reason.ShouldBe("1 table with 100 rows is equal. Only samples were read of shop.public.event.");

        await lab.Ask(at, "DELETE FROM event WHERE id = 7000000000::bigint * 999");
        Comparison.Compare(source, source, await some.Measure("postgres", at.Host, at.Port, Login, default)).Proven.ShouldBeFalse();
    }

    [Fact]
    public async Task An_engine_that_cannot_be_measured_is_named()
    {
        var (_, at) = await lab.Loaded(1);

        (await Should.ThrowAsync<NotSupportedException>(Measure(at, "oracle-ee"))).Message.ShouldStartWith("Databases of engine 'oracle-ee' cannot be measured; ");
    }

    private Task<Measurement> Measure(DatabaseEndpoint at, string engine = "postgres") => new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System)
        .Measure(engine, at.Host, at.Port, Login, default);

    private static DatabaseLogin Login => new(PostgreSqlLab.User, new Secret(PostgreSqlLab.Password), PostgreSqlLab.Database);
}
