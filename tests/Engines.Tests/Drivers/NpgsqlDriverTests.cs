using System.Data.Common;
using System.Net.Sockets;

using Dbre.Lab.Engines;

using Npgsql;

namespace Dbre.Engines.Tests.Drivers;

public sealed class NpgsqlDriverTests(PostgreSqlLab lab) : DriverTests, IClassFixture<PostgreSqlLab>
{
    private protected override string SleepAMinute => "SELECT pg_sleep(60)";

    private protected override string CountOfSleepers => "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";

    private protected override string ManyRows => "SELECT n, repeat('x', 2000) FROM generate_series(1, 100000) n";

    private protected override (string DuplicateKey, string UnknownTable, string BadPassword) SqlStates => ("23505", "42P01", "28P01");

    private protected override string UserName => PostgreSqlLab.User;

    private protected override string AuthorityFile => lab.Engine.AuthorityFile;

    private protected override async Task<DatabaseEndpoint> NewServer() => (await lab.Loaded(1)).At;

    private protected override DbConnection Connection(DatabaseEndpoint at, string? password = null, string? authority = null) => new NpgsqlConnection(
        new NpgsqlConnectionStringBuilder(lab.ConnectionString(at, password ?? PostgreSqlLab.Password)) { RootCertificate = authority ?? lab.Engine.AuthorityFile }.ConnectionString);

    private protected override DbConnection Plaintext(DatabaseEndpoint at) => new NpgsqlConnection(lab.ConnectionString(at, ssl: SslMode.Disable));

    // The answer to the request for TLS.
    private protected override async Task OfferNoTls(NetworkStream client)
    {
        await client.ReadExactlyAsync(new byte[8]);
        await client.WriteAsync("N"u8.ToArray());
    }

    private protected override string TypeOf(object? value) => value switch
    {
        bool => "boolean",
        int => "integer",
        long => "bigint",
        double => "double precision",
        float => "real",
        decimal => "numeric",
        byte[] => "bytea",
        DateTime => "timestamp",
        DateOnly => "date",
        TimeSpan => "interval",
        _ => "text",
    };

    private protected override string Join(params string[] texts) => string.Join(" || ", texts.Select(t => t.StartsWith('@') ? t + "::text" : t));
}
