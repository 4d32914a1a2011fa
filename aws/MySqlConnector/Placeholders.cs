using System.Text;

namespace MySqlConnector;

/// <summary>Turns <c>@name</c> in a statement into the <c>?</c> that servers prepare, outside of strings, quoted names and comments.</summary>
internal static class Placeholders
{
    /// <exception cref="ArgumentException">A placeholder has no parameter.</exception>
    internal static (string Sql, IReadOnlyList<MySqlParameter> Values) Bind(string sql, MySqlParameterCollection parameters)
    {
        var text = new StringBuilder(sql.Length);
        var values = new List<MySqlParameter>();
        var positional = 0;
        for (var at = 0; at < sql.Length;)
        {
            var end = Verbatim(sql, at);
            if (end > at)
            {
                text.Append(sql, at, end - at);
                at = end;
                continue;
            }

            if (sql[at] == '?')
            {
                values.Add(positional < parameters.Count ? parameters[positional] : throw new ArgumentException($"The statement has more placeholders than its {parameters.Count} parameters."));
                positional++;
            }
            else if (sql[at] == '@')
            {
                end = NameEnd(sql, at + 1);
                var name = sql[(at + 1)..end];
                values.Add(parameters.IndexOf(name) is >= 0 and var index ? parameters[index] : throw new ArgumentException($"There is no parameter for '@{name}'; user variables are not supported."));
                at = end - 1;
            }
            else
            {
                text.Append(sql[at++]);
                continue;
            }

            text.Append('?');
            at++;
        }

        return (text.ToString(), values);
    }

    // Where what begins here and is not looked into ends: a string, a quoted name, a comment, a system variable. The place itself when nothing does.
    private static int Verbatim(string sql, int at) => (sql[at], at + 1 < sql.Length ? sql[at + 1] : '\0') switch
    {
        ('\'' or '"' or '`', _) => QuoteEnd(sql, at),
        ('#', _) => LineEnd(sql, at),
        ('-', '-') when at + 2 == sql.Length || char.IsWhiteSpace(sql[at + 2]) => LineEnd(sql, at),
        ('/', '*') => sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : sql.Length,
        ('@', '@') => NameEnd(sql, at + 2),

        // Between a user and its host.
        ('@', var next) when !IsNamePart(next) => at + 1,
        _ => at,
    };

    // A doubled quote shows as two quoted parts in a row, which comes to the same.
    private static int QuoteEnd(string sql, int at)
    {
        var quote = sql[at++];
        while (at < sql.Length && sql[at] != quote)
        {
            at += sql[at] == '\\' && quote != '`' ? 2 : 1;
        }

        return Math.Min(at + 1, sql.Length);
    }

    private static int LineEnd(string sql, int at) => sql.IndexOf('\n', at) is >= 0 and var end ? end : sql.Length;

    private static int NameEnd(string sql, int at)
    {
        while (at < sql.Length && IsNamePart(sql[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '.';
}
