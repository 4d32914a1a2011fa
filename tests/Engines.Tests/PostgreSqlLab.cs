using Dbre.Lab.Engines;
using Dbre.Lab.Engines.PostgreSql;

using Npgsql;

namespace Dbre.Engines.Tests;

/// <summary>One engine for the tests of a class, in a folder of its own that goes with it.</summary>
public sealed class PostgreSqlLab : IAsyncLifetime
{
    internal const string User = "app_owner", Password = "it's a \"secret\" 42", Database = "shop";

    private int last;

    internal string Root { get; } = Path.Combine(Path.GetTempPath(), "dbre-engines-" + Path.GetRandomFileName());

    internal PostgreSqlEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync() => Engine = await PostgreSqlEngine.SetUp(new PostgreSqlOptions(Root), TimeProvider.System, default);

    public async Task DisposeAsync() => await Engine.DisposeAsync();

    internal DatabaseSpec Spec(string? password = Password) => new($"db-{Interlocked.Increment(ref last)}", Engine.DefaultVersion, User, password, Database);

    internal string ConnectionString(DatabaseEndpoint at, string password = Password, SslMode ssl = SslMode.VerifyFull) => new NpgsqlConnectionStringBuilder
    {
        Host = at.Host,
        Port = at.Port,
        Database = Database,
        Username = User,
        Password = password,
        SslMode = ssl,
        RootCertificate = ssl == SslMode.VerifyFull ? Engine.AuthorityFile : null,
        Pooling = false,
    }.ConnectionString;

    internal async Task<object?> Ask(DatabaseEndpoint at, string sql, string password = Password)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(at, password));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The same as the engine's superuser, who may what RDS does for its customers.</summary>
    internal async Task AskAsSuperuser(DatabaseEndpoint at, params string[] statements)
    {
        var login = (await File.ReadAllTextAsync(Path.Combine(Root, "tls", "replication.pgpass"))).Trim().Split(':');
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(at)) { Username = login[3], Password = login[4] }.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A running database with <paramref name="rows"/> rows in the table "item".</summary>
    internal async Task<(DatabaseSpec Spec, DatabaseEndpoint At)> Loaded(int rows)
    {
        var spec = Spec();
        var at = await Engine.Create(spec, default);
        await Ask(at, $"CREATE TABLE item AS SELECT n AS id, repeat('x', 200) || n AS name FROM generate_series(1, {rows}) n");
        return (spec, at);
    }

    /// <summary>A running database with what <paramref name="sql"/> makes.</summary>
    internal async Task<DatabaseEndpoint> LoadedWith(string sql)
    {
        var at = await Engine.Create(Spec(), default);
        await Ask(at, sql);
        return at;
    }

    internal async Task<long> Rows(DatabaseEndpoint at) => (long)(await Ask(at, "SELECT count(*) FROM item"))!;

    /// <summary>Flips one bit in each page of the largest table file of a snapshot.</summary>
    internal void Damage(string snapshot)
    {
        var file = new DirectoryInfo(Path.Combine(Engine.SnapshotFolder(snapshot), "base")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(f => f.Length)!;
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite);
        for (var at = 4_000L; at < stream.Length; at += 8_192)
        {
            stream.Position = at;
            var old = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(old ^ 1));
        }
    }
}
