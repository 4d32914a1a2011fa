using Dbre.Lab.Engines;
using Dbre.Lab.Engines.PostgreSql;

using Npgsql;

namespace Dbre.Bench;

/// <summary>A night's work on one database of about 110 MB, through the lab's engine and by PostgreSQL's own commands, in turn, on the same rows.</summary>
internal static class DatabaseWork
{
    private const int Rounds = 7;
    private const string Password = "correct-horse-battery";
    internal const string Load = "CREATE TABLE item AS SELECT g AS id, md5(g::text) || md5((g + 1)::text) || repeat('x', 100) AS note FROM generate_series(1, 520000) g";

    public static async Task Run()
    {
        Report.Heading("A database's night: snapshot, copy and verify, restore until it serves");
        var options = new PostgreSqlOptions(Path.Combine(Path.GetTempPath(), $"dbre-bench-engine-{Environment.ProcessId}"));
        var engine = await PostgreSqlEngine.SetUp(options, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await using var disposeEngine = engine.ConfigureAwait(false);
        var raw = new RawPostgreSql();
        await using var disposeRaw = raw.ConfigureAwait(false);
        await Fill(engine).ConfigureAwait(false);
        await raw.Make(Load).ConfigureAwait(false);
        Report.Line("the database", $"{(await engine.Facts("bench", CancellationToken.None).ConfigureAwait(false)).Bytes >> 20} MB");

        var (ours, theirs) = (NewSteps(), NewSteps());
        for (var round = 0; round < Rounds; round++)
        {
            await ours[0].Add(() => engine.TakeSnapshot("bench", "snapshot", CancellationToken.None)).ConfigureAwait(false);
            await ours[1].Add(() => engine.CopySnapshot("snapshot", "copy", null, CancellationToken.None)).ConfigureAwait(false);
            await ours[2].Add(() => engine.Restore("copy", Spec("restored", null), CancellationToken.None)).ConfigureAwait(false);
            await engine.Delete("restored", CancellationToken.None).ConfigureAwait(false);
            await engine.DeleteSnapshot("copy", CancellationToken.None).ConfigureAwait(false);
            await engine.DeleteSnapshot("snapshot", CancellationToken.None).ConfigureAwait(false);

            await theirs[0].Add(() => raw.Snapshot("snapshot")).ConfigureAwait(false);
            await theirs[1].Add(() => raw.Copy("snapshot", "copy")).ConfigureAwait(false);
            await theirs[2].Add(() => raw.Restore("copy", "restored")).ConfigureAwait(false);
            await raw.Clear("restored", "copy", "snapshot").ConfigureAwait(false);
        }

        foreach (var (step, i) in ((string[])["snapshot", "copy and verify", "restore"]).Select((step, i) => (step, i)))
        {
            Report.Line($"{step}, engine", ours[i]);
            Report.Line($"{step}, raw commands", theirs[i]);
            Report.Ratio($"{step}, engine to raw commands", ours[i].Median, theirs[i].Median);
        }

        Report.Ratio("all three, engine to raw commands", ours.Sum(s => s.Median), theirs.Sum(s => s.Median));
    }

    private static Samples[] NewSteps() => [new Samples(), new Samples(), new Samples()];

    private static DatabaseSpec Spec(string id, string? password) => new(id, "15", "master", password, "app");

    private static async Task Fill(PostgreSqlEngine engine)
    {
        var at = await engine.Create(Spec("bench", Password), CancellationToken.None).ConfigureAwait(false);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = at.Host, Port = at.Port, Username = "master", Password = Password, Database = "app", SslMode = SslMode.VerifyFull, RootCertificate = engine.AuthorityFile, Pooling = false,
        }.ConnectionString);
        await using var dispose = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
        using var load = new NpgsqlCommand(Load, connection) { CommandTimeout = 300 };
        await load.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
