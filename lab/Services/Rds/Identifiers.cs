using System.Text.RegularExpressions;

namespace Dbre.Lab.Services.Rds;

/// <summary>
/// RDS's rules for names: 1 to 63 (snapshots of instances 255) letters, digits and hyphens, a letter first, no hyphen last, no two in a row.
/// Case does not count: they are kept in lower case. Names that begin with <c>rds:</c> are RDS's own.
/// </summary>
internal static partial class Identifiers
{
    internal const int Longest = 63, LongestSnapshot = 255;

    /// <summary>A name to make something under, in lower case.</summary>
    /// <exception cref="ServiceException">InvalidParameterValue, naming the parameter and what is allowed.</exception>
    internal static string ForNew(string? value, string parameter, int longest)
    {
        RdsErrors.Require(value, parameter);
        if (value!.Length > longest || !Allowed().IsMatch(value))
        {
            throw RdsErrors.InvalidValue(
                $"The parameter {parameter} is not a valid identifier: '{value}'. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
                + $"must not end with a hyphen or contain two consecutive hyphens; and must have at most {longest} characters.");
        }

        return value.ToLowerInvariant();
    }

    /// <summary>A name to find something by, in lower case.</summary>
    internal static string ToFind(string? value, string parameter)
    {
        RdsErrors.Require(value, parameter);
        return value!.ToLowerInvariant();
    }

    [GeneratedRegex("^[a-zA-Z](-?[a-zA-Z0-9])*$")]
    private static partial Regex Allowed();
}
