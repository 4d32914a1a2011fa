using System.Text.RegularExpressions;

namespace Dbre.Lab.Services.Rds;

/// <summary>RDS's rules for master users, their passwords and first databases.</summary>
internal static partial class Credentials
{
    private const int ShortestPassword = 8;

    internal static void RequireUser(string engine, string? user)
    {
        RdsErrors.Require(user, "MasterUsername");
        if (!Name().IsMatch(user!) || user!.Length > EngineFacts.LongestUser(engine))
        {
            throw RdsErrors.InvalidValue($"The parameter MasterUsername is not valid: '{user}'; it must begin with a letter and have at most {EngineFacts.LongestUser(engine)} letters, digits and underscores.");
        }

        if (EngineFacts.IsReserved(engine, user))
        {
            throw RdsErrors.InvalidValue($"MasterUsername {user} cannot be used as it is a reserved word used by the engine.");
        }
    }

    internal static void RequirePassword(string engine, string? password)
    {
        RdsErrors.Require(password, "MasterUserPassword");
        if (password!.Length < ShortestPassword || password.Length > EngineFacts.LongestPassword(engine) || password.Any(c => c is < '!' or > '~' or '/' or '"' or '@'))
        {
            throw RdsErrors.InvalidValue(
                $"The parameter MasterUserPassword is not a valid password: it must have {ShortestPassword} to {EngineFacts.LongestPassword(engine)} printable ASCII characters other than '/', '@', '\"' and space.");
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
