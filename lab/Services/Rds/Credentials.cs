using System.Text.RegularExpressions;

namespace Dbre.Lab.Services.Rds;

/// <summary>RDS's rules for master users, their passwords and first databases, on PostgreSQL.</summary>
internal static partial class Credentials
{
    private const int ShortestPassword = 8, LongestPassword = 128;
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase) { "admin", "rdsadmin", "rds_superuser", "rds_password", "rds_replication" };

    internal static void RequireUser(string? user)
    {
        RdsErrors.Require(user, "MasterUsername");
        if (!Name().IsMatch(user!))
        {
            throw RdsErrors.InvalidValue($"The parameter MasterUsername is not valid: '{user}'; it must begin with a letter and have at most 63 letters, digits and underscores.");
        }

        if (Reserved.Contains(user!))
        {
            throw RdsErrors.InvalidValue($"MasterUsername {user} cannot be used as it is a reserved word used by the engine.");
        }
    }

    internal static void RequirePassword(string? password)
    {
        RdsErrors.Require(password, "MasterUserPassword");
        if (password!.Length is < ShortestPassword or > LongestPassword || password.Any(c => c is < '!' or > '~' or '/' or '"' or '@'))
        {
            throw RdsErrors.InvalidValue(
                $"The parameter MasterUserPassword is not a valid password: it must have {ShortestPassword} to {LongestPassword} printable ASCII characters other than '/', '@', '\"' and space.");
        }
    }

    internal static void RequireDatabaseName(string? name)
    {
        if (name is not null && !Name().IsMatch(name))
        {
            throw RdsErrors.InvalidValue($"The database name '{name}' is not valid: it must begin with a letter and have at most 63 letters, digits and underscores.");
        }
    }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_]{0,62}$")]
    private static partial Regex Name();
}
