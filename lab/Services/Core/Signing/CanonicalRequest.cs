using System.Text;
using AwsCompat.Server;

namespace Dbre.Lab.Services.Signing;

/// <summary>
/// The canonical form of a request that AWS Signature Version 4 signs.
/// Source: AWS, "Create a signed AWS API request"; checked against AWS's published test suite.
/// </summary>
internal static class CanonicalRequest
{
    /// <param name="pathIsKey">True for S3, where the path is an object's key: encoded once and not normalised.</param>
    internal static string Of(WireRequest request, SignatureClaim claim, string payloadHash, bool pathIsKey)
    {
        var text = new StringBuilder(512);
        text.Append(request.Method).Append('\n');
        text.Append(pathIsKey ? KeyPath(request.Path) : NormalPath(request.Path)).Append('\n');
        AppendQuery(text, request.Query);
        text.Append('\n');
        foreach (var name in claim.SignedHeaders)
        {
            text.Append(name).Append(':');
            AppendCollapsed(text, request.Headers.TryGetValue(name, out var value)
                ? value
                : throw new SignatureException(SignatureFault.Mismatch, $"The signed header '{name}' is not in the request."));
            text.Append('\n');
        }

        return text.Append('\n').AppendJoin(';', claim.SignedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    /// <summary>Percent-encodes all but A–Z a–z 0–9 - . _ ~, in upper-case hex.</summary>
    internal static string Encode(string text) => Uri.EscapeDataString(text);

    // Every service but S3: dot segments and doubled slashes go, then each segment as sent is encoded once more.
    private static string NormalPath(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segment != ".")
            {
                kept.Add(Encode(segment));
            }
        }

        var trailing = kept.Count > 0 && path.EndsWith('/') ? "/" : "";
        return "/" + string.Join('/', kept) + trailing;
    }

    private static string KeyPath(string path) =>
        path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(s => Encode(Uri.UnescapeDataString(s))));

    private static void AppendQuery(StringBuilder text, string query)
    {
        if (query.Length == 0)
        {
            return;
        }

        var pairs = QueryString.Parse(query)
            .Where(p => p.Key != "X-Amz-Signature")
            .Select(p => (Name: Encode(p.Key), Value: Encode(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        text.AppendJoin('&', pairs.Select(p => $"{p.Name}={p.Value}"));
    }

    // Header values are trimmed, and runs of spaces inside them become one.
    private static void AppendCollapsed(StringBuilder text, string value)
    {
        var space = false;
        foreach (var c in value.AsSpan().Trim())
        {
            if (c != ' ' || !space)
            {
                text.Append(c);
            }

            space = c == ' ';
        }
    }
}
