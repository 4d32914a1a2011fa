namespace Dbre.Lab.Services.Signing;

/// <summary>Reads a query string as it was sent.</summary>
internal static class QueryString
{
    /// <summary>Decoded names and values, in order; a name without "=" has an empty value.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Parse(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            yield return split < 0
                ? KeyValuePair.Create(Decode(pair), "")
                : KeyValuePair.Create(Decode(pair[..split]), Decode(pair[(split + 1)..]));
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
