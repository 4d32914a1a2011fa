using System.Globalization;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>Reads a JSONPath; whatever Step Functions' paths do not have is refused by name.</summary>
internal sealed partial class PathParser(string text)
{
    private int at;

    private bool AtEnd => at >= text.Length;

    internal (bool OfContext, IReadOnlyList<PathStep> Steps) Parse()
    {
        if (!text.StartsWith('$'))
        {
            throw new FormatException($"'{text}' is not a JSONPath: it must begin with $ (or $$ for the context object).");
        }

        var ofContext = text.StartsWith("$$", StringComparison.Ordinal);
        at = ofContext ? 2 : 1;
        var steps = Steps();
        return AtEnd ? (ofContext, steps) : throw Refuse($"has '{text[at]}' where a step (. or [) should begin");
    }

    private List<PathStep> Steps()
    {
        var steps = new List<PathStep>();
        while (!AtEnd && text[at] is '.' or '[')
        {
            steps.Add(text[at] == '[' ? Bracket() : Dot());
        }

        return steps;
    }

    private PathStep Dot()
    {
        at++;
        if (Take('.'))
        {
            return new DeepStep(!AtEnd && text[at] == '[' ? Bracket() : Named());
        }

        return Named();
    }

    private PathStep Named()
    {
        if (Take('*'))
        {
            return new EveryStep();
        }

        var start = at;
        while (!AtEnd && IsNameCharacter(text[at]))
        {
            at++;
        }

        if (at == start)
        {
            throw Refuse(AtEnd ? "ends in a dot" : $"has '{text[at]}' where a name should be; write such a name as ['…']");
        }

        var name = text[start..at];
        return AtEnd || text[at] != '(' ? new NameStep(name) : throw Refuse($"uses the function {name}(), which paths in Step Functions do not have");
    }

    private PathStep Bracket()
    {
        at++;
        Space();
        if (Take('?'))
        {
            Space();
            Expect('(');
            var condition = Condition();
            Expect(')');
            Space();
            Expect(']');
            return new FilterStep(condition);
        }

        if (Take('*'))
        {
            Space();
            Expect(']');
            return new EveryStep();
        }

        if (!AtEnd && text[at] == '(')
        {
            throw Refuse("has a script expression [(…)], which is not emulated");
        }

        var parts = new List<PathStep>();
        do
        {
            Space();
            parts.Add(!AtEnd && text[at] is '\'' or '"' ? new NameStep(Quoted()) : IndexOrSlice());
            Space();
        }
        while (Take(','));
        Expect(']');
        return parts.Count == 1 ? parts[0]
            : parts.Exists(p => p is SliceStep) ? throw Refuse("joins a slice with other indexes")
            : new UnionStep(parts);
    }

    private PathStep IndexOrSlice()
    {
        var start = Integer();
        Space();
        if (!Take(':'))
        {
            return start is { } index ? new IndexStep(index) : throw Refuse(AtEnd ? "ends inside brackets" : $"has '{text[at]}' where an index, a slice, a quoted name, * or ?(…) should be");
        }

        Space();
        var end = Integer();
        Space();
        var stride = Take(':') ? Integer() ?? 1 : 1;
        return stride > 0 ? new SliceStep(start, end, stride) : throw Refuse($"has a slice with the step {stride}; it must be 1 or more");
    }

    private int? Integer()
    {
        var start = at;
        Take('-');
        while (!AtEnd && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        if (at == start)
        {
            return null;
        }

        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Refuse($"has the index {text[start..at]}, which is not an integer");
    }

    private string Quoted()
    {
        var quote = text[at++];
        var name = new System.Text.StringBuilder();
        while (!AtEnd && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            name.Append(text[at++]);
        }

        Expect(quote);
        return name.ToString();
    }

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' || char.IsSurrogate(c);

    private void Space()
    {
        while (!AtEnd && text[at] == ' ')
        {
            at++;
        }
    }

    private bool Take(char c)
    {
        if (AtEnd || text[at] != c)
        {
            return false;
        }

        at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Refuse(AtEnd ? $"ends where '{c}' should be" : $"has '{text[at]}' where '{c}' should be");
        }
    }

    private FormatException Refuse(string why) => new($"The path '{text}' {why}.");
}
