using System.Data.Common;
using System.Net.Sockets;

using Dbre.Lab.Engines;

using MySqlConnector;

namespace Dbre.Engines.Tests.Drivers;

public sealed class MariaDbDriverTests(MariaDbLab lab) : DriverTests, IClassFixture<MariaDbLab>
{
    private protected override string SleepAMinute => "SELECT SLEEP(60)";

    private protected override string CountOfSleepers => "SELECT count(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(60)'";

    private protected override string ManyRows => "SELECT seq, REPEAT('x', 2000) FROM seq_1_to_100000";

    private protected override (string DuplicateKey, string UnknownTable, string BadPassword) SqlStates => ("23000", "42S02", "28000");

    private protected override string UserName => MariaDbLab.User;

    private protected override string AuthorityFile => lab.Engine.AuthorityFile;

    [Fact]
    public async Task Errors_have_the_servers_number()
    {
        await using var connection = await Opened();

        (await Should.ThrowAsync<MySqlException>(Run(connection, "SELECT * FROM no_such_table"))).ErrorCode.ShouldBe(MySqlErrorCode.NoSuchTable);
        (await Should.ThrowAsync<MySqlException>(Run(connection, "SELEC 1"))).Number.ShouldBe(1064);
    }

    [Theory]
    [InlineData("SSL Mode=None", "SSL Mode None")]
    [InlineData("SSL Mode=Required", "SSL Mode Required")]
    [InlineData("SSL CA=/no/such/file", "SSL CA '/no/such/file'")]
    public async Task What_would_not_check_the_server_is_refused_by_name(string option, string named)
    {
        var at = await Server();
        await using var connection = new MySqlConnection(lab.ConnectionString(at).ConnectionString + ";" + option);

        (await Should.ThrowAsync<NotSupportedException>(connection.OpenAsync())).Message.ShouldStartWith(named);
    }

    [Theory]
    [InlineData("Allow User Variables=true", "Allow User Variables")]
    [InlineData("Pooling=true", "Pooling")]
    public void An_option_that_is_not_supported_is_refused_by_name(string option, string named) =>
        Should.Throw<NotSupportedException>(() => new MySqlConnection(option)).Message.ShouldContain(named);

    [Fact]
    public async Task A_snapshot_does_not_see_what_is_committed_after_it_began()
    {
        await using var reading = (MySqlConnection)await Opened();
        await using var writing = Connection(new DatabaseEndpoint(reading.DataSource, (int)new MySqlConnectionStringBuilder(reading.ConnectionString).Port));
        await writing.OpenAsync();
        await Run(writing, "CREATE TABLE moment (id int)");
        await using var snapshot = await reading.BeginTransactionAsync(System.Data.IsolationLevel.Snapshot);
        await Run(writing, "INSERT INTO moment VALUES (1)");

        await using var command = new MySqlCommand("SELECT count(*) FROM moment", reading, snapshot);

        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var options = lab.ConnectionString(new DatabaseEndpoint("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port));
        options.ConnectionTimeout = 1;
        await using var connection = new MySqlConnection(options.ConnectionString);

        (await Should.ThrowAsync<MySqlException>(connection.OpenAsync().WaitAsync(TimeSpan.FromSeconds(20)))).IsTransient.ShouldBeTrue();
    }

    private protected override async Task<DatabaseEndpoint> NewServer() => (await lab.Loaded(1)).At;

    private protected override DbConnection Connection(DatabaseEndpoint at, string? password = null, string? authority = null)
    {
        var options = lab.ConnectionString(at, password ?? MariaDbLab.Password);
        options.SslCa = authority ?? options.SslCa;
        return new MySqlConnection(options.ConnectionString);
    }

    private protected override DbConnection Plaintext(DatabaseEndpoint at)
    {
        var options = lab.ConnectionString(at);
        options.SslMode = MySqlSslMode.None;
        return new MySqlConnection(options.ConnectionString);
    }

    // A greeting of protocol 10 whose capabilities have everything but TLS.
    private protected override async Task OfferNoTls(NetworkStream client)
    {
        byte[] greeting =
        [
            10, .. "10.11.0-impostor"u8, 0, 1, 0, 0, 0, .. "12345678"u8, 0, 0xFF, 0xF7, 45, 2, 0, 0xFF, 0x80, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            .. "123456789012"u8, 0, .. "mysql_native_password"u8, 0,
        ];
        await client.WriteAsync((byte[])[(byte)greeting.Length, 0, 0, 0, .. greeting]);
    }

    private protected override string TypeOf(object? value) => value switch
    {
        bool => "tinyint(1)",
        int => "int",
        long => "bigint",
        double => "double",
        float => "float",
        decimal => "decimal(40, 15)",
        byte[] => "longblob",
        DateTime => "datetime(6)",
        DateOnly => "date",
        TimeSpan => "time(6)",
        _ => "longtext",
    };

    private protected override string Join(params string[] texts) => $"CONCAT({string.Join(", ", texts)})";
}
