using System.IO.Enumeration;

namespace Dbre.Functions.Core.Policies;

/// <summary>Globs with <c>*</c> and <c>?</c>, anchored at both ends and without case, as RDS identifiers compare.</summary>
public static class Glob
{
    public static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: true);
}
