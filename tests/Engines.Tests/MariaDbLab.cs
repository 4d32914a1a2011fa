using Dbre.Lab.Engines;
using Dbre.Lab.Engines.MariaDb;

using MySqlConnector;

namespace Dbre.Engines.Tests;

/// <summary>One engine for the tests of a class, in a folder of its own that goes with it.</summary>
public sealed class MariaDbLab : IAsyncLifetime
{
    internal const string User = "app_owner", Password = "it's a \"secret\" 42", Database = "shop";

    private int last;

    internal string Root { get; } = Path.Combine(Path.GetTempPath(), "dbre-engines-" + Path.GetRandomFileName());

    internal MariaDbEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync() => Engine = await MariaDbEngine.SetUp(new MariaDbOptions(Root), TimeProvider.System, default);

    public async Task DisposeAsync() => await Engine.DisposeAsync();

    internal DatabaseSpec Spec(string? password = Password) => new($"db-{Interlocked.Increment(ref last)}", Engine.DefaultVersion, User, password, Database);

    internal MySqlConnectionStringBuilder ConnectionString(DatabaseEndpoint at, string password = Password) => new()
    {
        Server = at.Host,
        Port = (uint)at.Port,
        Database = Database,
        UserID = User,
        Password = password,
        SslMode = MySqlSslMode.VerifyFull,
        SslCa = Engine.AuthorityFile,
        Pooling = false,
    };

    internal async Task<object?> Ask(DatabaseEndpoint at, string sql, string password = Password)
    {
        await using var connection = new MySqlConnection(ConnectionString(at, password).ConnectionString);
        await connection.OpenAsync();
        return await Ask(connection, sql);
    }

    internal static async Task<object?> Ask(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Runs a statement that the server's log says was begun at a time.</summary>
    internal async Task At(DatabaseEndpoint at, DateTimeOffset when, string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString(at).ConnectionString);
        await connection.OpenAsync();
        await Ask(connection, $"SET timestamp = {when.ToUnixTimeSeconds()}");
        await Ask(connection, sql);
    }

    /// <summary>A running database with <paramref name="rows"/> rows in the table "item".</summary>
    internal async Task<(DatabaseSpec Spec, DatabaseEndpoint At)> Loaded(int rows)
    {
        var spec = Spec();
        var at = await Engine.Create(spec, default);
        await Ask(at, "CREATE TABLE item (id int PRIMARY KEY, name varchar(250) NOT NULL)");
        await Ask(at, $"INSERT INTO item SELECT seq, CONCAT(REPEAT('x', 200), seq) FROM seq_1_to_{rows}");
        return (spec, at);
    }

    /// <summary>Lets the master make triggers and functions, as RDS does with this parameter in the parameter group.</summary>
    internal async Task AllowTriggers(DatabaseEndpoint at)
    {
        var login = (await File.ReadAllLinesAsync(Path.Combine(Root, "tls", "client.cnf"))).Where(l => l.Contains(" = ", StringComparison.Ordinal)).Select(l => l.Split(" = ", 2)).ToDictionary(l => l[0], l => l[1]);
        var superuser = ConnectionString(at, login["password"]);
        superuser.UserID = login["user"];
        await using var connection = new MySqlConnection(superuser.ConnectionString);
        await connection.OpenAsync();
        await Ask(connection, "SET GLOBAL log_bin_trust_function_creators = ON");
    }

    internal async Task<long> Rows(DatabaseEndpoint at) => (long)(await Ask(at, "SELECT count(*) FROM item"))!;

    /// <summary>Flips one bit in the middle of each page of the table's file in a snapshot, after those that describe the file.</summary>
    internal void Damage(string snapshot)
    {
        const int page = 16 * 1024, describing = 4;
        using var stream = File.Open(Path.Combine(Engine.SnapshotFolder(snapshot), Database, "item.ibd"), FileMode.Open, FileAccess.ReadWrite);
        for (var at = (describing * (long)page) + (page / 2); at < stream.Length; at += page)
        {
            stream.Position = at;
            var old = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(old ^ 1));
        }
    }
}
