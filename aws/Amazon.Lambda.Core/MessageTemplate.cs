using System.Globalization;
using System.Text;

namespace Amazon.Lambda.Core;

/// <summary>Fills the holes of a message template, <c>"copied {Snapshot} to {Region}"</c>, with arguments in their order.</summary>
internal static class MessageTemplate
{
    /// <summary>The message. A hole without an argument stays as written; <c>{{</c> and <c>}}</c> are braces.</summary>
    public static string Format(string template, params ReadOnlySpan<object?> arguments)
    {
        if (arguments.IsEmpty)
        {
            return template;
        }

        var text = new StringBuilder(template.Length);
        var next = 0;
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            var end = c == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0 || next >= arguments.Length)
            {
                text.Append(c);
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{arguments[next++]}");
            i = end;
        }

        return text.ToString();
    }

    /// <summary>The names in the holes, in order: they become keys of a structured log line.</summary>
    public static List<string> Names(string template)
    {
        var names = new List<string>();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '{')
            {
                continue;
            }

            if (i + 1 < template.Length && template[i + 1] == '{')
            {
                i++;
                continue;
            }

            var end = template.IndexOf('}', i);
            if (end < 0)
            {
                break;
            }

            names.Add(template[(i + 1)..end].Split(':', ',')[0].TrimStart('@', '$'));
            i = end;
        }

        return names;
    }
}
