using System.Text.Json;
using System.Text.Json.Serialization;

using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;

using MySqlConnector;

using Npgsql;

namespace Dbre.Functions.Core.Proof;

/// <summary>A password or the like: prints as <c>***</c>, and is given out only where it is needed.</summary>
public readonly record struct Secret(string Value)
{
    public override string ToString() => "***";
}

/// <summary>A login from Secrets Manager, in the JSON form that RDS uses.</summary>
/// <param name="Database">The database to connect to first; null for the one that every server of its engine has.</param>
public sealed record DatabaseLogin(string Username, Secret Password, string? Database)
{
    /// <summary>The secret of the read-only login that measures a database.</summary>
    public static string SecretOf(string database) => $"dbre/prover/{database}";

    /// <summary>The secret of the login that writes a database's canary, and may write nothing else.</summary>
    public static string CanarySecretOf(string database) => $"dbre/canary/{database}";

    /// <exception cref="InvalidDataException">The secret is not there, or holds no login.</exception>
    public static async Task<DatabaseLogin> Read(IAmazonSecretsManager secrets, string secretId, CancellationToken stop)
    {
        const string form = "it must be JSON with username, password and dbname, as RDS writes it.";
        try
        {
            var value = (await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secretId }, stop).ConfigureAwait(false)).SecretString;
            return JsonSerializer.Deserialize<Content>(value) is { Username: { } user, Password: { } password } login
                ? new DatabaseLogin(user, new Secret(password), login.Database)
                : throw new InvalidDataException($"The secret '{secretId}' has no username and password; {form}");
        }
        catch (ResourceNotFoundException)
        {
            throw new InvalidDataException($"The secret '{secretId}' is not there; {form}");
        }
        catch (JsonException)
        {
            // What the parser says quotes what the secret holds.
            throw new InvalidDataException($"The secret '{secretId}' is no JSON; {form}");
        }
    }

    /// <summary>TLS always, with the server's certificate checked against the CA file; there is no fallback.</summary>
    public NpgsqlConnectionStringBuilder PostgreSql(string address, int port, string caFile) => new()
    {
        Host = address,
        Port = port,
        Username = Username,
        Password = Password.Value,
        Database = Database ?? "postgres",
        SslMode = SslMode.VerifyFull,
        RootCertificate = caFile,
        Timeout = 15,
        Pooling = false,
        ApplicationName = "dbre",
    };

    /// <summary>TLS always, with the server's certificate checked against the CA file; there is no fallback.</summary>
    public MySqlConnectionStringBuilder MySql(string address, int port, string caFile) => new()
    {
        Server = address,
        Port = (uint)port,
        UserID = Username,
        Password = Password.Value,
        Database = Database ?? "",
        SslMode = MySqlSslMode.VerifyFull,
        SslCa = caFile,
        ConnectionTimeout = 15,
        Pooling = false,
        ApplicationName = "dbre",
    };

    private sealed record Content(
        [property: JsonPropertyName("username")] string? Username,
        [property: JsonPropertyName("password")] string? Password,
        [property: JsonPropertyName("dbname")] string? Database);
}
