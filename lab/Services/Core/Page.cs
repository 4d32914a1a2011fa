using System.Text;

namespace Dbre.Lab.Services;

/// <summary>One page of a listing, in the order of a key; the token holds the last key seen, so that what is added or removed meanwhile neither repeats nor hides others.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);

/// <summary>Cuts listings into pages.</summary>
public static class Page
{
    /// <param name="sorted">In ordinal order of <paramref name="key"/>.</param>
    /// <param name="token">From the page before; null for the first.</param>
    /// <exception cref="ServiceException">InvalidNextToken (or the code given): not a token of ours.</exception>
    public static Page<T> Of<T>(IEnumerable<T> sorted, Func<T, string> key, string? token, int limit, string badTokenCode = "InvalidNextToken")
    {
        var after = Decode(token, badTokenCode);
        var items = sorted.Where(i => after is null || string.CompareOrdinal(key(i), after) > 0).Take(limit + 1).ToList();
        if (items.Count <= limit)
        {
            return new Page<T>(items, null);
        }

        items.RemoveAt(limit);
        return new Page<T>(items, Convert.ToBase64String(Encoding.UTF8.GetBytes(key(items[^1]))));
    }

    private static string? Decode(string? token, string badTokenCode)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new ServiceException(badTokenCode, "The pagination token is not one that this operation gave.");
    }
}
