using System.Data.Common;

using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>The server or the connection to it refused something; the message is the server's.</summary>
public sealed class MySqlException : DbException
{
    // Of the client library: no connection could be made, or it was lost.
    private const int ConnectionError = 2002, ConnectHostError = 2003, UnknownHost = 2005, ServerGone = 2006, ServerLost = 2013;

    internal MySqlException(int number, string sqlState, string message, Exception? inner = null)
        : base(message, inner)
    {
        Number = number is ConnectionError or ConnectHostError or UnknownHost ? (int)MySqlErrorCode.UnableToConnectToHost : number;
        SqlState = sqlState;
    }

    /// <summary>The server's number of the error; from 2000 to 2999 the client library's.</summary>
    public int Number { get; }

    public new MySqlErrorCode ErrorCode => (MySqlErrorCode)Number;

    public override string SqlState { get; }

    /// <summary>Whether the same may work a little later: nothing that is wrong with the statement, the login or the certificate.</summary>
    public override bool IsTransient => Number is (int)MySqlErrorCode.ConnectionCountError or (int)MySqlErrorCode.UnableToConnectToHost or (int)MySqlErrorCode.ServerShutdown
        or (int)MySqlErrorCode.LockWaitTimeout or (int)MySqlErrorCode.LockDeadlock or ServerGone or ServerLost;

    internal static MySqlException OfConnection(nint mysql) =>
        new((int)LibMariaDb.mysql_errno(mysql), LibMariaDb.Text(LibMariaDb.mysql_sqlstate(mysql)), LibMariaDb.Text(LibMariaDb.mysql_error(mysql)));

    // What goes wrong while rows come in is with the connection only.
    internal static MySqlException OfStatement(nint statement, nint mysql) => LibMariaDb.mysql_stmt_errno(statement) == 0
        ? OfConnection(mysql)
        : new((int)LibMariaDb.mysql_stmt_errno(statement), LibMariaDb.Text(LibMariaDb.mysql_stmt_sqlstate(statement)), LibMariaDb.Text(LibMariaDb.mysql_stmt_error(statement)));
}
