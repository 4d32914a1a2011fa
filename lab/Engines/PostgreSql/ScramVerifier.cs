using System.Security.Cryptography;
using System.Text;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>
/// Makes the SCRAM-SHA-256 verifier of a password here, so that the password itself is never in an SQL statement, and so in no server log.
/// The form is PostgreSQL's (<c>pg_authid.rolpassword</c>), the sums are RFC 5802's.
/// </summary>
public static class ScramVerifier
{
    private const int Iterations = 4096;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
