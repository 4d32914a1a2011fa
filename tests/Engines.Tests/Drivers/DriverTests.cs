using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Dbre.Lab.Engines;

namespace Dbre.Engines.Tests.Drivers;

/// <summary>What every driver that the functions use must do, on a real server of its own.</summary>
public abstract class DriverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300), Prompt = TimeSpan.FromSeconds(20);
    private Task<DatabaseEndpoint>? server;

    public static TheoryData<object?> Values =>
    [
        null, true, 42, -42L, long.MaxValue, 1.5, 0.1f, 79228162514264.337593543950335m, "", "plain", "it's \"quoted\"; -- \\ \0not the end".Replace("\0", "", StringComparison.Ordinal),
        "Grüße, 世界 🌍", new byte[] { 0, 1, 255, 39, 92 }, Array.Empty<byte>(), new DateTime(2031, 2, 3, 4, 5, 6, 789, DateTimeKind.Unspecified).AddTicks(1230), new DateOnly(2031, 2, 3),
        new TimeSpan(0, 1, 2, 3, 456),
    ];

    private protected abstract string SleepAMinute { get; }

    private protected abstract string CountOfSleepers { get; }

    /// <summary>100,000 rows of 2,000 characters.</summary>
    private protected abstract string ManyRows { get; }

    private protected abstract (string DuplicateKey, string UnknownTable, string BadPassword) SqlStates { get; }

    [Fact]
    public async Task It_opens_closes_and_opens_again()
    {
        await using var connection = Connection(await Server());

        await connection.OpenAsync();
        (await Scalar(connection, "SELECT 1")).ShouldBe(1L);
        await connection.CloseAsync();
        connection.State.ShouldBe(ConnectionState.Closed);
        await connection.OpenAsync();

        (await Scalar(connection, "SELECT 2")).ShouldBe(2L);
        connection.ServerVersion.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_server_under_another_authority_is_refused()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, AnotherAuthority());

        await using var connection = Connection(await Server(), authority: file);

        (await Should.ThrowAsync<DbException>(connection.OpenAsync())).IsTransient.ShouldBeFalse();
        connection.State.ShouldBe(ConnectionState.Closed);
        File.Delete(file);
    }

    [Fact]
    public async Task One_authority_of_a_bundle_is_enough()
    {
        var at = await Server();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, AnotherAuthority() + "\n" + await File.ReadAllTextAsync(AuthorityFile));

        await using var connection = Connection(at, authority: file);
        await connection.OpenAsync();

        (await Scalar(connection, "SELECT 8")).ShouldBe(8L);
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_under_another_name_is_refused()
    {
        var server = await Server();
        using var elsewhere = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        elsewhere.Start();
        var forwarding = Forward(elsewhere, server);

        await using var connection = Connection(new DatabaseEndpoint("127.0.0.2", ((IPEndPoint)elsewhere.LocalEndpoint).Port));

        await Should.ThrowAsync<DbException>(connection.OpenAsync());
        elsewhere.Stop();
        await forwarding;
    }

    [Fact]
    public async Task Plaintext_is_refused()
    {
        await using var connection = Plaintext(await Server());

        await Should.ThrowAsync<Exception>(connection.OpenAsync());
        connection.State.ShouldBe(ConnectionState.Closed);
    }

    [Fact]
    public async Task A_server_that_offers_no_TLS_learns_nothing()
    {
        using var impostor = new TcpListener(IPAddress.Loopback, 0);
        impostor.Start();
        var heard = Heard(impostor);

        await using var connection = Connection(new DatabaseEndpoint("127.0.0.1", ((IPEndPoint)impostor.LocalEndpoint).Port));

        await Should.ThrowAsync<DbException>(connection.OpenAsync());
        (await heard).ShouldNotContain(UserName);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_parameter_comes_back_as_it_went(object? value)
    {
        await using var connection = await Opened();
        var name = "t" + Convert.ToHexString(RandomNumberGenerator.GetBytes(6));
        await Run(connection, $"CREATE TABLE {name} (v {TypeOf(value)})");
        await Run(connection, $"INSERT INTO {name} VALUES (@value)", value);

        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT v FROM {name}";
        await using var reader = await command.ExecuteReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();

        switch (value)
        {
            case null:
                reader.IsDBNull(0).ShouldBeTrue();
                reader.GetValue(0).ShouldBe(DBNull.Value);
                break;
            case DateOnly date:
                reader.GetFieldValue<DateOnly>(0).ShouldBe(date);
                break;
            default:
                reader.GetValue(0).ShouldBe(value);
                break;
        }

        (await reader.ReadAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Several_parameters_go_by_name_wherever_they_stand()
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Join("@b", "'@a'", "@a", "@b")} /* @c */ -- @d";
        Add(command, "a", "first");
        Add(command, "@b", "second");

        (await command.ExecuteScalarAsync()).ShouldBe("second@afirstsecond");
    }

    [Fact]
    public async Task A_transaction_is_whole_or_not_at_all()
    {
        await using var connection = await Opened();
        await Run(connection, "CREATE TABLE entry (id int PRIMARY KEY)");
        await using (var kept = await connection.BeginTransactionAsync())
        {
            await Run(connection, "INSERT INTO entry VALUES (1)", within: kept);
            await kept.CommitAsync();
        }

        await using (var undone = await connection.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            await Run(connection, "INSERT INTO entry VALUES (2)", within: undone);
            await undone.RollbackAsync();
        }

        await using (var left = await connection.BeginTransactionAsync())
        {
            await Run(connection, "INSERT INTO entry VALUES (3)", within: left);
        }

        (await Scalar(connection, "SELECT max(id) FROM entry")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_query_that_is_cancelled_ends_at_the_server_and_the_connection_goes_on()
    {
        await using var connection = await Opened();
        using var stop = new CancellationTokenSource(Soon);
        await using var command = connection.CreateCommand();
        command.CommandText = SleepAMinute;
        var clock = TimeProvider.System.GetTimestamp();

        await Should.ThrowAsync<OperationCanceledException>(command.ExecuteScalarAsync(stop.Token));

        TimeProvider.System.GetElapsedTime(clock).ShouldBeLessThan(Prompt);
        await using var observer = await Opened();
        (await Scalar(observer, CountOfSleepers)).ShouldBe(0L);
        (await Scalar(connection, "SELECT 3")).ShouldBe(3L);
    }

    [Fact]
    public async Task A_command_that_takes_longer_than_its_time_out_ends_with_an_error_and_the_connection_goes_on()
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = SleepAMinute;
        command.CommandTimeout = 1;
        var clock = TimeProvider.System.GetTimestamp();

        await Should.ThrowAsync<DbException>(command.ExecuteScalarAsync());

        TimeProvider.System.GetElapsedTime(clock).ShouldBeLessThan(Prompt);
        (await Scalar(connection, "SELECT 4")).ShouldBe(4L);
    }

    [Fact]
    public async Task Errors_say_what_they_are_and_the_connection_goes_on()
    {
        await using var connection = await Opened();
        await Run(connection, "CREATE TABLE single (id int PRIMARY KEY)");
        await Run(connection, "INSERT INTO single VALUES (1)");

        var duplicate = await Should.ThrowAsync<DbException>(Run(connection, "INSERT INTO single VALUES (1)"));
        var unknown = await Should.ThrowAsync<DbException>(Run(connection, "SELECT * FROM no_such_table"));

        (duplicate.SqlState, duplicate.IsTransient).ShouldBe((SqlStates.DuplicateKey, false));
        (unknown.SqlState, unknown.IsTransient).ShouldBe((SqlStates.UnknownTable, false));
        unknown.Message.ShouldContain("no_such_table");
        (await Scalar(connection, "SELECT count(*) FROM single")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_told()
    {
        await using var connection = Connection(await Server(), password: "wr0ng-secret");

        var refusal = await Should.ThrowAsync<DbException>(connection.OpenAsync());

        (refusal.SqlState, refusal.IsTransient).ShouldBe((SqlStates.BadPassword, false));
        refusal.ToString().ShouldNotContain("wr0ng-secret");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_error()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        await using var connection = Connection(new DatabaseEndpoint("127.0.0.1", port));

        (await Should.ThrowAsync<DbException>(connection.OpenAsync())).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_rows_are_read_in_little_memory()
    {
        const long most = 100 << 20;
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = ManyRows;
        GC.Collect();
        var before = Environment.WorkingSet;
        long rows = 0, characters = 0, grown = 0;

        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                characters += reader.GetString(1).Length;
                if (++rows % 10_000 == 0)
                {
                    grown = Math.Max(grown, Environment.WorkingSet - before);
                }
            }
        }

        (rows, characters).ShouldBe((100_000, 200_000_000));
        grown.ShouldBeLessThan(most);
        (await Scalar(connection, "SELECT 5")).ShouldBe(5L);
    }

    [Fact]
    public async Task A_reader_that_is_left_early_frees_its_connection()
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = ManyRows;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            (await reader.ReadAsync()).ShouldBeTrue();
            await Should.ThrowAsync<Exception>(Scalar(connection, "SELECT 6"));
        }

        (await Scalar(connection, "SELECT 7")).ShouldBe(7L);
    }

    private protected abstract string UserName { get; }

    private protected abstract string AuthorityFile { get; }

    private protected abstract Task<DatabaseEndpoint> NewServer();

    private protected abstract DbConnection Connection(DatabaseEndpoint at, string? password = null, string? authority = null);

    private protected abstract DbConnection Plaintext(DatabaseEndpoint at);

    /// <summary>Answers a client as a server does that knows no TLS.</summary>
    private protected abstract Task OfferNoTls(NetworkStream client);

    private protected abstract string TypeOf(object? value);

    private protected abstract string Join(params string[] texts);

    /// <summary>The test's own server.</summary>
    private protected Task<DatabaseEndpoint> Server() => server ??= NewServer();

    private protected async Task<DbConnection> Opened()
    {
        var connection = Connection(await Server());
        await connection.OpenAsync();
        return connection;
    }

    private protected static async Task Run(DbConnection connection, string sql, object? value = null, DbTransaction? within = null)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = within;
        if (sql.Contains('@', StringComparison.Ordinal))
        {
            Add(command, "value", value);
        }

        await command.ExecuteNonQueryAsync();
    }

    private protected static async Task<long> Scalar(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static string AnotherAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = new CertificateRequest("CN=another", key, HashAlgorithmName.SHA256).CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, default), new DateTimeOffset(2040, 1, 1, 0, 0, 0, default));
        return other.ExportCertificatePem();
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    private static async Task Forward(TcpListener from, DatabaseEndpoint to)
    {
        try
        {
            using var client = await from.AcceptTcpClientAsync();
            using var server = new TcpClient(to.Host, to.Port);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Either side went.
        }
    }

    private async Task<string> Heard(TcpListener impostor)
    {
        using var limit = new CancellationTokenSource(Prompt);
        using var client = await impostor.AcceptTcpClientAsync(limit.Token);
        var stream = client.GetStream();
        await OfferNoTls(stream);
        var heard = new MemoryStream();
        try
        {
            await stream.CopyToAsync(heard, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went.
        }

        return Encoding.Latin1.GetString(heard.ToArray());
    }
}
