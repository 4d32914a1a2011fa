using System.Globalization;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>Walks the tokens of one expression; what all the expression grammars share: paths, values, errors in AWS's words.</summary>
/// <param name="kind">"ConditionExpression", "UpdateExpression", …: how errors call it.</param>
internal sealed class TokenReader(string expression, string kind, Placeholders placeholders)
{
    private readonly IReadOnlyList<Token> tokens = Tokenizer.Read(expression, kind);
    private int at;

    internal string Kind => kind;

    internal Token Current => tokens[at];

    internal Token Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    internal Token Take() => tokens[at == tokens.Count - 1 ? at : at++];

    internal bool TakeIf(string symbol) => Advance(Current.Is(symbol));

    internal bool TakeKeyword(string keyword) => Advance(Current.IsKeyword(keyword));

    internal void Expect(string symbol)
    {
        if (!TakeIf(symbol))
        {
            throw SyntaxError();
        }
    }

    internal void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
        {
            throw SyntaxError();
        }
    }

    /// <summary><c>a.b[0].#c</c></summary>
    internal DocumentPath Path()
    {
        var steps = new List<PathStep> { new(Attribute(), null) };
        while (true)
        {
            if (TakeIf("."))
            {
                steps.Add(new PathStep(Attribute(), null));
            }
            else if (TakeIf("["))
            {
                if (Current.Kind != TokenKind.Index)
                {
                    throw SyntaxError();
                }

                steps.Add(new PathStep(null, int.Parse(Take().Text, CultureInfo.InvariantCulture)));
                Expect("]");
            }
            else
            {
                return new DocumentPath(steps);
            }
        }
    }

    internal Value Value() => Current.Kind == TokenKind.ValuePlaceholder ? placeholders.Value(Take().Text, kind) : throw SyntaxError();

    internal ServiceException SyntaxError()
    {
        var near = string.Join(' ', tokens.Skip(Math.Max(0, at - 1)).Take(3).Where(t => t.Kind != TokenKind.End).Select(t => t.Text));
        return Invalid($"Syntax error; token: \"{Current.Text}\", near: \"{near}\"");
    }

    internal ServiceException Invalid(string message) => new("ValidationException", $"Invalid {kind}: {message}");

    private bool Advance(bool when)
    {
        if (when)
        {
            at++;
        }

        return when;
    }

    private string Attribute()
    {
        switch (Current.Kind)
        {
            case TokenKind.NamePlaceholder:
                return placeholders.Name(Take().Text, kind);
            case TokenKind.Word when ReservedWords.Contains(Current.Text):
                throw Invalid($"Attribute name is a reserved keyword; reserved keyword: {Current.Text}");
            case TokenKind.Word:
                return Take().Text;
            default:
                throw SyntaxError();
        }
    }
}
