namespace AwsCompat.Server;

/// <summary>The path of a REST operation: <c>/2015-03-31/functions/{FunctionName}/invocations</c>.</summary>
internal sealed class UriTemplate(string template)
{
    private readonly string[] segments = Split(template);

    /// <summary>The labels' values, percent-decoded; null when the path is another one.</summary>
    public Dictionary<string, string>? Match(string path)
    {
        var parts = Split(path);
        if (parts.Length != segments.Length)
        {
            return null;
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < parts.Length; i++)
        {
            if (segments[i] is ['{', .. var label, '}'])
            {
                labels[label] = Uri.UnescapeDataString(parts[i]);
            }
            else if (segments[i] != parts[i])
            {
                return null;
            }
        }

        return labels;
    }

    /// <summary>Older clients end some paths with a slash that newer models do not have.</summary>
    private static string[] Split(string path) => path.Trim('/').Split('/');
}
