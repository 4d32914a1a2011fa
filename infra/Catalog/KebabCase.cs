using System.Text.RegularExpressions;

namespace Dbre.Infra.Catalog;

/// <summary>Class names as AWS resource names: <c>CopySnapshot</c> is <c>copy-snapshot</c>, <c>ReadDBCluster</c> is <c>read-db-cluster</c>.</summary>
public static partial class KebabCase
{
    public static string From(string pascalCase) => WordStart().Replace(pascalCase, "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();
}
