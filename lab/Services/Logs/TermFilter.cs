namespace Dbre.Lab.Services.Logs;

/// <summary>
/// CloudWatch Logs' filter patterns for plain text: terms that must all occur, <c>?term</c>s of which one must, <c>-term</c>s that must not,
/// <c>"quoted phrases"</c>. Case counts. JSON and space-delimited patterns are refused by name.
/// </summary>
internal sealed class TermFilter
{
    private readonly List<string> all = [], any = [], none = [];

    /// <exception cref="ServiceException">InvalidParameterException.</exception>
    internal static TermFilter Parse(string? pattern)
    {
        var filter = new TermFilter();
        var rest = (pattern ?? "").AsSpan().Trim();
        if (rest.Length > 0 && rest[0] is '{' or '[' or '%')
        {
            throw new ServiceException("InvalidParameterException", $"The lab does not emulate JSON, space-delimited and regular-expression filter patterns; it handles terms, \"phrases\", ?term and -term (got '{pattern}').");
        }

        while (rest.Length > 0)
        {
            var into = rest[0] switch { '?' => filter.any, '-' => filter.none, _ => filter.all };
            rest = into == filter.all ? rest : rest[1..];
            var quoted = rest.Length > 0 && rest[0] == '"';
            rest = quoted ? rest[1..] : rest;
            var end = rest.IndexOf(quoted ? '"' : ' ');
            into.Add((end < 0 ? rest : rest[..end]).ToString());
            rest = end < 0 ? default : rest[(end + 1)..].TrimStart();
        }

        return filter;
    }

    internal bool Matches(string message) =>
        all.TrueForAll(t => message.Contains(t, StringComparison.Ordinal))
        && !none.Exists(t => message.Contains(t, StringComparison.Ordinal))
        && (any.Count == 0 || any.Exists(t => message.Contains(t, StringComparison.Ordinal)));
}
