using System.Security.Cryptography;
using System.Text;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>
/// Makes what the server keeps of a password (<c>mysql_native_password</c>, RDS's default for MariaDB) here, so that the password itself is
/// never in an SQL statement, and so in no log.
/// </summary>
public static class NativePassword
{
#pragma warning disable CA5350 // The protocol's own hash; the connection is TLS.
    public static string Of(string password) => "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5350
}
