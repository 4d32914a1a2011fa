using System.Data.Common;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;

using Npgsql;

namespace Dbre.Engines.Tests.Measuring;

/// <summary>A sign of life on a real PostgreSQL: written, found by the measurement, never more than one row, and in nobody's way.</summary>
public sealed class CanaryTests(PostgreSqlLab lab) : IClassFixture<PostgreSqlLab>
{
    [Fact]
    public async Task The_table_is_made_where_it_is_lacking_and_keeps_one_row_that_the_measurement_finds()
    {
        var (_, at) = await lab.Loaded(1);
        (await Measure(at)).Canary.ShouldBeNull();

        await Write(at);
        var first = (await Measure(at)).Canary.ShouldNotBeNull();
        await Write(at);
        var second = (await Measure(at)).Canary.ShouldNotBeNull();

        second.ShouldBeGreaterThan(first);
        second.ShouldBeInRange(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        (await lab.Ask(at, "SELECT count(*) FROM dbre.canary")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_login_that_may_do_nothing_but_write_it_is_enough()
    {
        var (_, at) = await lab.Loaded(1);
        await Write(at);
        await lab.Ask(at, "CREATE ROLE canary LOGIN PASSWORD 'small'; GRANT USAGE ON SCHEMA dbre TO canary; GRANT SELECT, INSERT, UPDATE ON dbre.canary TO canary");

        await new Canary(lab.Engine.AuthorityFile).Write("postgres", at.Host, at.Port, new DatabaseLogin("canary", new Secret("small"), PostgreSqlLab.Database), default);
    }

    [Fact]
    public async Task It_waits_for_no_lock_longer_than_a_second_or_so()
    {
        var (_, at) = await lab.Loaded(1);
        await Write(at);
        await using var client = new NpgsqlConnection(lab.ConnectionString(at));
        await client.OpenAsync();
        await using var held = await client.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE dbre.canary", client, held);
        await hold.ExecuteNonQueryAsync();

        (await Should.ThrowAsync<DbException>(Write(at))).Message.ShouldContain("lock timeout");
    }

    [Fact]
    public async Task A_database_with_nothing_but_a_canary_compares_as_an_empty_one()
    {
        var at = await lab.LoadedWith("SELECT 1");
        await Write(at);
        var before = await Measure(at);
        await Write(at);
        var after = await Measure(at);

        Comparison.Compare(before, after, after).ShouldSatisfyAllConditions(p => p.Proven.ShouldBeTrue(p.Reason), p => p.TablesMoving.ShouldBe(0));
    }

    private static DatabaseLogin Login => new(PostgreSqlLab.User, new Secret(PostgreSqlLab.Password), PostgreSqlLab.Database);

    private Task Write(DatabaseEndpoint at) => new Canary(lab.Engine.AuthorityFile).Write("postgres", at.Host, at.Port, Login, default);

    private Task<Measurement> Measure(DatabaseEndpoint at) => new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System).Measure("postgres", at.Host, at.Port, Login, default);
}
