namespace Dbre.Lab.Services.DynamoDb.Expressions;

internal enum TokenKind
{
    /// <summary>A bare word: an attribute name, a keyword or a function.</summary>
    Word,

    /// <summary><c>#name</c></summary>
    NamePlaceholder,

    /// <summary><c>:value</c></summary>
    ValuePlaceholder,

    /// <summary>Digits: a list index.</summary>
    Index,

    /// <summary>Punctuation and operators.</summary>
    Symbol,

    End,
}

internal readonly record struct Token(TokenKind Kind, string Text)
{
    internal bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    /// <summary>Keywords compare without case.</summary>
    internal bool IsKeyword(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
