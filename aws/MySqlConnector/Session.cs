using System.Text;

using Microsoft.Win32.SafeHandles;

using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>One connection of the client library. Its calls block and come one at a time; only <see cref="Abort"/> may come from another thread.</summary>
internal sealed unsafe class Session : SafeHandleZeroOrMinusOneIsInvalid
{
    private const uint TcpProtocol = 1;
    private const nuint FoundRows = 2;

    // Those that never show the password to the server; what is not in the list is refused, so that a server cannot ask for it in clear.
    private const string Authentication = "mysql_native_password,caching_sha2_password,client_ed25519";

    private static readonly Lazy<int> Library = new(Load);

    private Session()
        : base(ownsHandle: true) => _ = Library.Value;

    internal nint Mysql => handle;

    internal string ServerVersion => LibMariaDb.Text(LibMariaDb.mysql_get_server_info(handle));

    internal ulong ThreadId => LibMariaDb.mysql_thread_id(handle);

    /// <summary>Connects over TLS, with the server's certificate and name checked before anything about the user is sent.</summary>
    /// <exception cref="MySqlException">The server cannot be reached, is not trusted, or refuses the login.</exception>
    internal static Session Open(MySqlConnectionStringBuilder to)
    {
        var session = new Session();
        try
        {
            session.Connect(to);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement that answers no rows, without preparing it.</summary>
    internal ulong Run(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        fixed (byte* at = text)
        {
            if (LibMariaDb.mysql_real_query(handle, at, (nuint)text.Length) != 0)
            {
                throw MySqlException.OfConnection(handle);
            }
        }

        if (LibMariaDb.mysql_field_count(handle) > 0)
        {
            LibMariaDb.mysql_free_result(LibMariaDb.mysql_use_result(handle));
            throw new NotSupportedException("The server cannot prepare this statement, and it answers rows: this driver does not read those.");
        }

        return LibMariaDb.mysql_affected_rows(handle);
    }

    /// <summary>Ends the socket's traffic, so that a call under way returns with an error.</summary>
    internal void Abort()
    {
        if (!IsInvalid && !IsClosed)
        {
            _ = LibMariaDb.mariadb_cancel(handle);
        }
    }

    protected override bool ReleaseHandle()
    {
        LibMariaDb.mysql_close(handle);
        return true;
    }

    private static int Load()
    {
        try
        {
            // Once and before any connection: afterwards the library may be called from any thread.
            return LibMariaDb.mysql_server_init(0, 0, 0);
        }
        catch (DllNotFoundException e)
        {
            throw new NotSupportedException($"MariaDB Connector/C is not installed: {LibMariaDb.Library} was not found (Debian package libmariadb3; on Lambda a layer).", e);
        }
    }

    private void Connect(MySqlConnectionStringBuilder to)
    {
        handle = LibMariaDb.mysql_init(0);
        Set(ConnectOption.ConnectTimeout, to.ConnectionTimeout);
        Set(ConnectOption.Protocol, TcpProtocol);
        Set(ConnectOption.LocalInfile, 0);
        _ = LibMariaDb.mysql_options(handle, ConnectOption.CharsetName, "utf8mb4");
        _ = LibMariaDb.mysql_options(handle, ConnectOption.RestrictedAuthentication, Authentication);
        _ = LibMariaDb.mysql_options(handle, ConnectOption.TlsVersion, "TLSv1.2,TLSv1.3");
        _ = LibMariaDb.mysql_options(handle, ConnectOption.SslCa, to.SslCa);
        byte yes = 1;
        _ = LibMariaDb.mysql_options(handle, ConnectOption.EnforceTls, &yes);
        _ = LibMariaDb.mysql_options(handle, ConnectOption.VerifyServerCertificate, &yes);
        var database = to.Database.Length == 0 ? null : to.Database;
        if (LibMariaDb.mysql_real_connect(handle, to.Server, to.UserID, to.Password, database, to.Port, null, FoundRows) == 0)
        {
            throw MySqlException.OfConnection(handle);
        }

        if (LibMariaDb.mysql_get_ssl_cipher(handle) == 0)
        {
            throw new InvalidOperationException($"The connection to {to.Server}:{to.Port} came about without TLS; it is not used.");
        }
    }

    private void Set(ConnectOption option, uint value) => _ = LibMariaDb.mysql_options(handle, option, &value);
}
