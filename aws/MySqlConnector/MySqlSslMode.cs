namespace MySqlConnector;

/// <summary>How TLS is used. This subset connects with <see cref="VerifyFull"/> only: the others would trust a server that nobody checked.</summary>
public enum MySqlSslMode
{
    None = 0,
    Preferred = 1,
    Required = 2,
    VerifyCA = 3,
    VerifyFull = 4,
}
