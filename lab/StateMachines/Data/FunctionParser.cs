using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>Reads a call of an intrinsic function, with calls inside its arguments.</summary>
internal sealed class FunctionParser(string text)
{
    private const int DeepestNesting = 10;
    private int at;
    private int depth;

    internal Intrinsic Parse()
    {
        var call = Call();
        return at == text.Length ? call : throw Refuse($"has '{text[at..]}' after the call");
    }

    private Intrinsic.Call Call()
    {
        // AWS documents a limit of 10 nested intrinsics in one field.
        if (++depth > DeepestNesting + 1)
        {
            throw Refuse($"nests functions more than {DeepestNesting} deep");
        }

        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        var name = text[start..at];
        if (!name.StartsWith("States.", StringComparison.Ordinal) || at == text.Length || text[at] != '(')
        {
            throw Refuse("is neither a path ($…) nor a call of an intrinsic function (States.…(…))");
        }

        if (!Functions.Known.TryGetValue(name, out var function))
        {
            throw Refuse($"calls the unknown function {name}");
        }

        at++;
        var arguments = Arguments();
        depth--;
        return arguments.Count >= function.Fewest && arguments.Count <= function.Most
            ? new Intrinsic.Call(text[start..at], function, arguments)
            : throw Refuse($"gives {name} {arguments.Count} arguments; it takes {function.Takes}");
    }

    private List<Intrinsic> Arguments()
    {
        var arguments = new List<Intrinsic>();
        Space();
        if (Take(')'))
        {
            return arguments;
        }

        do
        {
            Space();
            arguments.Add(Argument());
            Space();
        }
        while (Take(','));
        return Take(')') ? arguments : throw Refuse(at == text.Length ? "ends inside a call" : $"has '{text[at..]}' where , or ) should be");
    }

    private Intrinsic Argument()
    {
        if (at == text.Length)
        {
            throw Refuse("ends inside a call");
        }

        if (text[at] == '\'')
        {
            return Quoted();
        }

        if (text[at] == '$')
        {
            return new Intrinsic.Found(JsonPath.Parse(Path()));
        }

        if (text.AsSpan(at).StartsWith("States.", StringComparison.Ordinal))
        {
            return Call();
        }

        var start = at;
        while (at < text.Length && text[at] is not (',' or ')' or ' '))
        {
            at++;
        }

        try
        {
            var value = JsonNode.Parse(text[start..at]);
            return value is null or JsonValue ? new Intrinsic.Literal(value, null) : throw new JsonException();
        }
        catch (JsonException)
        {
            throw Refuse($"has the argument '{text[start..at]}', which is no path, no 'quoted text', no number, boolean, null or function");
        }
    }

    private Intrinsic.Literal Quoted()
    {
        var start = ++at;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != '\'')
        {
            if (text[at] == '\\')
            {
                at++;
                if (at == text.Length || text[at] is not ('\'' or '{' or '}' or '\\'))
                {
                    throw Refuse("""has a backslash before something other than ' { } or \""");
                }
            }

            value.Append(text[at++]);
        }

        var raw = text[start..at];
        return Take('\'') ? new Intrinsic.Literal(JsonValue.Create(value.ToString()), raw) : throw Refuse("has a text without a closing quote");
    }

    /// <summary>A path ends at the comma or parenthesis that is not inside its own brackets or quotes.</summary>
    private string Path()
    {
        var start = at;
        var inside = 0;
        char? quote = null;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote is not null)
            {
                quote = c == quote ? null : quote;
            }
            else if (inside > 0 && (c is '\'' or '"'))
            {
                quote = c;
            }
            else if (c is '[' or '(')
            {
                inside++;
            }
            else if (inside == 0 && (c is ',' or ')' or ' '))
            {
                break;
            }
            else if (c is ']' or ')')
            {
                inside--;
            }
        }

        return text[start..at];
    }

    private void Space()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private bool Take(char c)
    {
        if (at == text.Length || text[at] != c)
        {
            return false;
        }

        at++;
        return true;
    }

    private FormatException Refuse(string why) => new($"'{text}' {why}.");
}
