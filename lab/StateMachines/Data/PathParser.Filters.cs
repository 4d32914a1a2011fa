using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

internal sealed partial class PathParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private PathCondition Condition()
    {
        var left = Conjunction();
        while (TakeWord("||"))
        {
            left = new Either(left, Conjunction());
        }

        return left;
    }

    private PathCondition Conjunction()
    {
        var left = Simple();
        while (TakeWord("&&"))
        {
            left = new Both(left, Simple());
        }

        return left;
    }

    private PathCondition Simple()
    {
        Space();
        if (Take('('))
        {
            var inner = Condition();
            Expect(')');
            Space();
            return inner;
        }

        if (!AtEnd && text[at] == '!' && !text.AsSpan(at).StartsWith("!="))
        {
            at++;
            return new Not(Simple());
        }

        var left = Side();
        if (Array.Find(Comparisons, TakeWord) is { } comparison)
        {
            return new Comparison(left, comparison, Side());
        }

        if (TakeWord("=~") || (!AtEnd && char.IsLetter(text[at])))
        {
            throw Refuse("has a filter with an operator other than == != < <= > >= && || !, which is not emulated");
        }

        return left.Path is { } path ? new Present(path) : throw Refuse("has a filter that is a literal only");
    }

    private Operand Side()
    {
        Space();
        if (Take('@'))
        {
            var start = at;
            Steps();
            var path = "$" + text[start..at];
            Space();
            return new Operand(JsonPath.Parse(path), null);
        }

        var literal = AtEnd ? throw Refuse("ends inside a filter") : Literal();
        Space();
        return new Operand(null, literal);
    }

    private JsonNode? Literal()
    {
        if (text[at] is '\'' or '"')
        {
            return JsonValue.Create(Quoted());
        }

        var start = at;
        while (!AtEnd && (char.IsLetterOrDigit(text[at]) || text[at] is '-' or '+' or '.'))
        {
            at++;
        }

        try
        {
            return JsonNode.Parse(text[start..at]);
        }
        catch (System.Text.Json.JsonException)
        {
            throw Refuse($"has '{text[start..]}' in a filter where @, a number, a quoted text, true, false or null should be");
        }
    }

    private bool TakeWord(string word)
    {
        Space();
        if (!text.AsSpan(at).StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        at += word.Length;
        return true;
    }
}
