namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>Cuts an expression into tokens.</summary>
internal static class Tokenizer
{
    private static readonly string[] Symbols = ["<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ".", ",", "+", "-"];

    /// <param name="kind">"ConditionExpression" and so on, for the error.</param>
    /// <exception cref="ServiceException">ValidationException: a character that no expression has.</exception>
    internal static IReadOnlyList<Token> Read(string expression, string kind)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < expression.Length)
        {
            var c = expression[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
                continue;
            }

            var token = ReadOne(expression, at)
                ?? throw new ServiceException("ValidationException", $"Invalid {kind}: Syntax error; token: \"{c}\", near: \"{Near(expression, at)}\"");
            tokens.Add(token);
            at += token.Text.Length;
        }

        tokens.Add(new Token(TokenKind.End, "<EOF>"));
        return tokens;
    }

    private static Token? ReadOne(string text, int at)
    {
        var c = text[at];
        if (c is '#' or ':')
        {
            var end = While(text, at + 1, IsWordPart);
            return end == at + 1 ? null : new Token(c == '#' ? TokenKind.NamePlaceholder : TokenKind.ValuePlaceholder, text[at..end]);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new Token(TokenKind.Word, text[at..While(text, at, IsWordPart)]);
        }

        if (char.IsAsciiDigit(c))
        {
            return new Token(TokenKind.Index, text[at..While(text, at, char.IsAsciiDigit)]);
        }

        var symbol = Array.Find(Symbols, s => string.CompareOrdinal(text, at, s, 0, s.Length) == 0);
        return symbol is null ? null : new Token(TokenKind.Symbol, symbol);
    }

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static int While(string text, int at, Func<char, bool> holds)
    {
        while (at < text.Length && holds(text[at]))
        {
            at++;
        }

        return at;
    }

    private static string Near(string text, int at) => text[Math.Max(0, at - 5)..Math.Min(text.Length, at + 6)].Trim();
}
