using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MySqlConnector;

/// <summary>A connection string in parts. An option that this subset does not know is refused by name.</summary>
public sealed class MySqlConnectionStringBuilder : DbConnectionStringBuilder
{
    private const string ServerKey = "Server", PortKey = "Port", UserKey = "User ID", PasswordKey = "Password", DatabaseKey = "Database", SslModeKey = "SSL Mode",
        SslCaKey = "SSL CA", ConnectionTimeoutKey = "Connection Timeout", CommandTimeoutKey = "Default Command Timeout", PoolingKey = "Pooling", ApplicationKey = "Application Name";

    private static readonly Dictionary<string, string> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        [ServerKey] = ServerKey, ["Host"] = ServerKey, ["Data Source"] = ServerKey,
        [PortKey] = PortKey,
        [UserKey] = UserKey, ["UserID"] = UserKey, ["Username"] = UserKey, ["Uid"] = UserKey, ["User"] = UserKey,
        [PasswordKey] = PasswordKey, ["Pwd"] = PasswordKey,
        [DatabaseKey] = DatabaseKey, ["Initial Catalog"] = DatabaseKey,
        [SslModeKey] = SslModeKey, ["SslMode"] = SslModeKey,
        [SslCaKey] = SslCaKey, ["SslCa"] = SslCaKey,
        [ConnectionTimeoutKey] = ConnectionTimeoutKey, ["ConnectionTimeout"] = ConnectionTimeoutKey, ["Connect Timeout"] = ConnectionTimeoutKey,
        [CommandTimeoutKey] = CommandTimeoutKey, ["DefaultCommandTimeout"] = CommandTimeoutKey,
        [PoolingKey] = PoolingKey,
        [ApplicationKey] = ApplicationKey, ["ApplicationName"] = ApplicationKey,
    };

    public MySqlConnectionStringBuilder()
    {
    }

    public MySqlConnectionStringBuilder(string connectionString) => ConnectionString = connectionString;

    public string Server { get => Text(ServerKey, ""); set => this[ServerKey] = value; }

    public uint Port { get => Number(PortKey, 3306); set => this[PortKey] = value; }

    public string UserID { get => Text(UserKey, ""); set => this[UserKey] = value; }

    public string Password { get => Text(PasswordKey, ""); set => this[PasswordKey] = value; }

    public string Database { get => Text(DatabaseKey, ""); set => this[DatabaseKey] = value; }

    /// <summary><see cref="MySqlSslMode.VerifyFull"/> when nothing is said, unlike the official package, which then prefers TLS without checking.</summary>
    public MySqlSslMode SslMode
    {
        get => Enum.TryParse<MySqlSslMode>(Text(SslModeKey, nameof(MySqlSslMode.VerifyFull)), ignoreCase: true, out var mode)
            ? mode
            : throw new ArgumentException($"SSL Mode '{Text(SslModeKey, "")}' is none of {string.Join(", ", Enum.GetNames<MySqlSslMode>())}.");
        set => this[SslModeKey] = value;
    }

    /// <summary>A file with the certificates of the authorities to trust, in PEM.</summary>
    public string SslCa { get => Text(SslCaKey, ""); set => this[SslCaKey] = value; }

    /// <summary>Seconds.</summary>
    public uint ConnectionTimeout { get => Number(ConnectionTimeoutKey, 15); set => this[ConnectionTimeoutKey] = value; }

    /// <summary>Seconds; 0 is none.</summary>
    public uint DefaultCommandTimeout { get => Number(CommandTimeoutKey, 30); set => this[CommandTimeoutKey] = value; }

    /// <summary>This subset has no pool.</summary>
    /// <exception cref="NotSupportedException">It is set to true.</exception>
    public bool Pooling { get => false; set => this[PoolingKey] = value; }

    public string ApplicationName { get => Text(ApplicationKey, ""); set => this[ApplicationKey] = value; }

    [AllowNull]
    public override object this[string keyword]
    {
        get => base[Known(keyword)];
        set
        {
            if (Known(keyword) == PoolingKey && !string.Equals(Convert.ToString(value, CultureInfo.InvariantCulture), "false", StringComparison.OrdinalIgnoreCase))
            {
                throw new NotSupportedException("Pooling is not supported: each connection is one of its own.");
            }

            base[Known(keyword)] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }
    }

    private static string Known(string keyword) => Spellings.TryGetValue(keyword, out var key)
        ? key
        : throw new NotSupportedException($"The connection string option '{keyword}' is not supported; known are {string.Join(", ", Spellings.Values.Distinct())}.");

    private string Text(string key, string otherwise) => TryGetValue(key, out var value) ? (string)value : otherwise;

    private uint Number(string key, uint otherwise) =>
        !TryGetValue(key, out var value) ? otherwise
        : uint.TryParse((string)value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException($"{key} '{value}' is no whole number.");
}
