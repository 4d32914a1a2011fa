using System.Runtime.InteropServices;

namespace MySqlConnector.Native;

/// <summary>The calls of MariaDB Connector/C that this driver makes, by their C names.</summary>
internal static unsafe partial class LibMariaDb
{
    internal const string Library = "libmariadb.so.3";
    internal const int NoData = 100, DataTruncated = 101;

    private const DllImportSearchPath Paths = DllImportSearchPath.SafeDirectories;

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_server_init(int argc, nint argv, nint groups);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_init(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_options(nint mysql, ConnectOption option, void* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_options(nint mysql, ConnectOption option, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_real_connect(nint mysql, string host, string user, string password, string? database, uint port, string? socket, nuint flags);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial void mysql_close(nint mysql);

    /// <summary>Ends the socket's traffic; the only call that another thread may make while one is under way.</summary>
    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mariadb_cancel(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_get_ssl_cipher(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_get_server_info(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nuint mysql_thread_id(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial uint mysql_errno(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_error(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_sqlstate(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_real_query(nint mysql, byte* sql, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial uint mysql_field_count(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_use_result(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial void mysql_free_result(nint result);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial FieldInfo* mysql_fetch_fields(nint result);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial ulong mysql_affected_rows(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_stmt_init(nint mysql);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_stmt_prepare(nint statement, byte* sql, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nuint mysql_stmt_param_count(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial byte mysql_stmt_bind_param(nint statement, Bind* binds);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_stmt_execute(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial uint mysql_stmt_field_count(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_stmt_result_metadata(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial byte mysql_stmt_bind_result(nint statement, Bind* binds);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_stmt_fetch(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_stmt_fetch_column(nint statement, Bind* bind, uint column, nuint offset);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial int mysql_stmt_next_result(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial ulong mysql_stmt_affected_rows(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial ulong mysql_stmt_insert_id(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial byte mysql_stmt_close(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial uint mysql_stmt_errno(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_stmt_error(nint statement);

    [LibraryImport(Library), DefaultDllImportSearchPaths(Paths)]
    internal static partial nint mysql_stmt_sqlstate(nint statement);

    internal static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
