using System.Globalization;

namespace Dbre.Functions.Core.Steps;

/// <summary>Counts as people say them: 1 table, 2 tables, 0 tables.</summary>
public static class Plural
{
    /// <summary>The count with its word, to which what follows from it may belong: <c>1 copy is</c>, <c>2 copies are</c>.</summary>
    public static string Of(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {Word(count, one, many)}");

    /// <summary>Only the word, where the count stands elsewhere or is written in another form.</summary>
    public static string Word(long count, string one, string many) => count == 1 ? one : many;
}
