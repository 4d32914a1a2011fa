using System.Globalization;

namespace AwsCompat.Shapes;

/// <summary>Scalars as text: in queries, XML, headers and paths.</summary>
internal static class ScalarText
{
    /// <exception cref="FormatException">The text is not what the shape says; the message names where.</exception>
    public static object Parse(ScalarShape shape, string text, string path) => TryParse(shape, text)
        ?? throw new FormatException($"The value \"{text}\" of {path} is not {Expected(shape.Kind)}.");

    /// <summary>Null when the text is not what the shape says.</summary>
    public static object? TryParse(ScalarShape shape, string text)
    {
        const NumberStyles Real = NumberStyles.Float;
        return shape.Kind switch
        {
            ScalarKind.String => shape.FromString(text),
            ScalarKind.Boolean when bool.TryParse(text, out var value) => value,
            ScalarKind.Integer when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
            ScalarKind.Long when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
            ScalarKind.Float when float.TryParse(text, Real, CultureInfo.InvariantCulture, out var value) => value,
            ScalarKind.Double when double.TryParse(text, Real, CultureInfo.InvariantCulture, out var value) => value,
            ScalarKind.Timestamp when ParseTime(text) is { } value => value,
            ScalarKind.Blob when ParseBlob(text) is { } value => value,
            _ => null,
        };
    }

    /// <param name="value">A scalar's .NET value.</param>
    /// <param name="header">True for a header, whose times are RFC 822; elsewhere they are ISO 8601.</param>
    public static string Format(object value, bool header = false) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateTime time => header ? Utc(time).ToString("R", CultureInfo.InvariantCulture) : Utc(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        MemoryStream blob => Convert.ToBase64String(blob.ToArray()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A time without a zone is UTC: the clients' types say so.</summary>
    public static DateTime Utc(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);

    public static string Expected(ScalarKind kind) => kind switch
    {
        ScalarKind.Boolean => "true or false",
        ScalarKind.Integer or ScalarKind.Long => "a whole number in range",
        ScalarKind.Float or ScalarKind.Double => "a number",
        ScalarKind.Timestamp => "a time",
        ScalarKind.Blob => "base64",
        _ => "a string",
    };

    private static object? ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;

    private static object? ParseBlob(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? new MemoryStream(bytes, 0, length, writable: true, publiclyVisible: true) : null;
    }
}
