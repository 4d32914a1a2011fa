namespace Dbre.Lab.Services.Rds;

/// <summary>What RDS says of an engine, by its name.</summary>
internal static class EngineFacts
{
    private const string MariaDb = "mariadb";

    /// <summary>The part of a version within which minor versions differ: 16 of PostgreSQL's 16.4, 10.11 of MariaDB's 10.11.19.</summary>
    internal static string MajorVersion(string engine, string version) => string.Join('.', version.Split('.').Take(engine == MariaDb ? 2 : 1));

    internal static string License(string engine) => engine == MariaDb ? "general-public-license" : "postgresql-license";

    internal static int LongestUser(string engine) => engine == MariaDb ? 16 : 63;

    internal static int LongestPassword(string engine) => engine == MariaDb ? 41 : 128;

    /// <summary>PostgreSQL's own reserved roles; MariaDB's master user is often called admin.</summary>
    internal static bool IsReserved(string engine, string user) =>
        user.ToLowerInvariant() is "rdsadmin" || (engine != MariaDb && user.ToLowerInvariant() is "admin" or "rds_superuser" or "rds_password" or "rds_replication");
}
