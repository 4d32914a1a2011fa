namespace MySqlConnector;

/// <summary>Errors by the server's number; a number without a name here is still given, as a number.</summary>
public enum MySqlErrorCode
{
    /// <summary>The command took longer than its time-out.</summary>
    CommandTimeoutExpired = -1,
    None = 0,
    ConnectionCountError = 1040,
    UnableToConnectToHost = 1042,
    AccessDenied = 1045,
    DatabaseAccessDenied = 1044,
    UnknownDatabase = 1049,
    ServerShutdown = 1053,
    DuplicateKeyEntry = 1062,
    ParseError = 1064,
    TableAccessDenied = 1142,
    NoSuchTable = 1146,
    LockWaitTimeout = 1205,
    LockDeadlock = 1213,
    UnsupportedPreparedStatement = 1295,
    QueryInterrupted = 1317,
    QueryTimeout = 3024,
}
