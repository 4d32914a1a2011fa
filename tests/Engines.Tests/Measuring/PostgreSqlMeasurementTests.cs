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
    public async Task An_engine_that_cannot_be_measured_is_named()
    {
        var (_, at) = await lab.Loaded(1);

        (await Should.ThrowAsync<NotSupportedException>(Measure(at, "oracle-ee"))).Message.ShouldStartWith("Databases of engine 'oracle-ee' cannot be measured; ");
    }

    private Task<Measurement> Measure(DatabaseEndpoint at, string engine = "postgres") => new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System)
        .Measure(engine, at.Host, at.Port, new DatabaseLogin(PostgreSqlLab.User, new Secret(PostgreSqlLab.Password), PostgreSqlLab.Database), default);
}
