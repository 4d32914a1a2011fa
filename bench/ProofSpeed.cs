using System.Data.Common;
using System.Diagnostics;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;
using Dbre.Lab.Engines.MariaDb;
using Dbre.Lab.Engines.PostgreSql;

using MySqlConnector;

using Npgsql;

namespace Dbre.Bench;

/// <summary>
/// How fast a database's rows are counted and summed up for a proof, against counting them alone and against writing them out as a dump does; and
/// how much memory that takes for a table larger than the 1,024 MB that the function has.
/// </summary>
internal static class ProofSpeed
{
    private const int Rounds = 5;
    private const int Rows = 520_000;
    private const int RowsOfALargeTable = 6_000_000;
    private const string Password = "correct-horse-battery";
    private static readonly DatabaseLogin Login = new("master", new Secret(Password), "app");

    public static async Task Run()
    {
        Report.Heading("A proof's reading: count and checksum of 520,000 rows, about 100 MB");
        var folder = Path.Combine(Path.GetTempPath(), $"dbre-bench-proof-{Environment.ProcessId}");
        var postgreSql = await PostgreSqlEngine.SetUp(new PostgreSqlOptions(Path.Combine(folder, "postgres")), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await using (postgreSql.ConfigureAwait(false))
        {
            var server = new PostgreSqlServer(await Create(postgreSql).ConfigureAwait(false), postgreSql.AuthorityFile);
            await Compare("PostgreSQL", server).ConfigureAwait(false);
            await Memory("PostgreSQL", server).ConfigureAwait(false);
        }

        var mariaDb = await MariaDbEngine.SetUp(new MariaDbOptions(Path.Combine(folder, "mariadb")), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await using (mariaDb.ConfigureAwait(false))
        {
            var server = new MariaDbServer(await Create(mariaDb).ConfigureAwait(false), mariaDb.AuthorityFile);
            await Compare("MariaDB", server).ConfigureAwait(false);
            await Memory("MariaDB", server).ConfigureAwait(false);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Task<DatabaseEndpoint> Create(IDatabaseEngine engine) =>
        engine.Create(new DatabaseSpec("bench", engine.DefaultVersion, "master", Password, "app"), CancellationToken.None);

    private static async Task Compare(string name, Server server)
    {
        await server.Execute(server.Fill(Rows)).ConfigureAwait(false);
        var (proof, count, dump) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            await proof.Add(() => Prove(server, Rows)).ConfigureAwait(false);
            await count.Add(() => server.Execute("SELECT count(*) FROM item")).ConfigureAwait(false);
            await dump.Add(server.Dump).ConfigureAwait(false);
        }

        Report.Line($"{name}, count and checksum, with the schema", proof);
        Report.Line($"{name}, SELECT count(*)", count);
        Report.Line($"{name}, dump", dump);
        Report.Ratio($"{name}, a proof's reading to SELECT count(*)", proof.Median, count.Median);
        Report.Ratio($"{name}, a proof's reading to a dump", proof.Median, dump.Median);
    }

    private static async Task Memory(string name, Server server)
    {
        await server.Execute("DROP TABLE item").ConfigureAwait(false);
        await server.Execute(server.Fill(RowsOfALargeTable)).ConfigureAwait(false);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        await Prove(server, RowsOfALargeTable).ConfigureAwait(false);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        process.Refresh();
        Report.Line($"{name}, proving a table of {await server.Bytes().ConfigureAwait(false) >> 20} MB allocates", $"{allocated >> 10} KB; the process grows by {Math.Max(process.WorkingSet64 - before, 0) >> 10} KB");
    }

    private static async Task Prove(Server server, long rows)
    {
        var measured = await new DatabaseMeasurement(server.AuthorityFile, TimeProvider.System)
            .Measure(server.Engine, server.At.Host, server.At.Port, Login, CancellationToken.None).ConfigureAwait(false);
        if (measured.Tables.Single(t => t.Table.EndsWith(".item", StringComparison.Ordinal)).Rows != rows)
        {
            throw new InvalidOperationException($"The proof read {measured.Tables.Sum(t => t.Rows)} rows of {rows}.");
        }
    }

    private abstract class Server(DatabaseEndpoint at, string authorityFile)
    {
        public DatabaseEndpoint At => at;

        public string AuthorityFile => authorityFile;

        public abstract string Engine { get; }

        public abstract string Fill(int rows);

        protected abstract string Size { get; }

        protected abstract ProcessStartInfo Dumping { get; }

        protected abstract DbConnection Connection();

        public async Task Execute(string sql)
        {
            var connection = Connection();
            await using var dispose = connection.ConfigureAwait(false);
            await connection.OpenAsync().ConfigureAwait(false);
            using var command = connection.CreateCommand();
            (command.CommandText, command.CommandTimeout) = (sql, 600);
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }

        public async Task<long> Bytes()
        {
            var connection = Connection();
            await using var dispose = connection.ConfigureAwait(false);
            await connection.OpenAsync().ConfigureAwait(false);
            using var command = connection.CreateCommand();
            command.CommandText = Size;
            return Convert.ToInt64(await command.ExecuteScalarAsync().ConfigureAwait(false), System.Globalization.CultureInfo.InvariantCulture);
        }

        public async Task Dump()
        {
            var start = Dumping;
            start.RedirectStandardError = true;
            using var process = Process.Start(start)!;
            var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
            await process.WaitForExitAsync().ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{start.FileName} ended with code {process.ExitCode}: {error.Trim()}");
            }
        }
    }

    private sealed class PostgreSqlServer(DatabaseEndpoint at, string authorityFile) : Server(at, authorityFile)
    {
        public override string Engine => "postgres";

        public override string Fill(int rows) =>
            $"CREATE TABLE item AS SELECT g AS id, md5(g::text) || md5((g + 1)::text) || repeat('x', 100) AS note FROM generate_series(1, {rows}) g; ALTER TABLE item ADD PRIMARY KEY (id); ANALYZE item";

        protected override string Size => "SELECT pg_table_size('item')";

        protected override ProcessStartInfo Dumping
        {
            get
            {
                var start = new ProcessStartInfo("pg_dump", ["-h", At.Host, "-p", $"{At.Port}", "-U", "master", "-d", "app", "-f", "/dev/null"]);
                (start.Environment["PGPASSWORD"], start.Environment["PGSSLMODE"], start.Environment["PGSSLROOTCERT"]) = (Password, "verify-full", AuthorityFile);
                return start;
            }
        }

        protected override DbConnection Connection() => new NpgsqlConnection(Login.PostgreSql(At.Host, At.Port, AuthorityFile).ConnectionString);
    }

    private sealed class MariaDbServer(DatabaseEndpoint at, string authorityFile) : Server(at, authorityFile)
    {
        public override string Engine => "mariadb";

        public override string Fill(int rows) =>
            $"CREATE TABLE item (id bigint NOT NULL PRIMARY KEY, note text) AS SELECT seq AS id, CONCAT(MD5(seq), MD5(seq + 1), REPEAT('x', 100)) AS note FROM seq_1_to_{rows}";

        protected override string Size => "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'app/item'";

        protected override ProcessStartInfo Dumping
        {
            get
            {
                var start = new ProcessStartInfo("mariadb-dump", ["-h", At.Host, "-P", $"{At.Port}", "-u", "master", "--ssl-ca", AuthorityFile, "--ssl-verify-server-cert", "--single-transaction", "--result-file", "/dev/null", "app"]);
                start.Environment["MYSQL_PWD"] = Password;
                return start;
            }
        }

        protected override DbConnection Connection() => new MySqlConnection(Login.MySql(At.Host, At.Port, AuthorityFile).ConnectionString);
    }
}
