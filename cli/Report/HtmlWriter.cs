using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Dbre.Cli.Report;

/// <summary>
/// Builds HTML from interpolated texts: what stands in the text is markup, what is put into its holes is encoded. There is no way to add a
/// value unencoded, so a hostile name cannot become markup.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder html = new();

    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => html.Append('\n');

    /// <summary>The style sheet of the page: a constant of this project's, never data.</summary>
    public void AddStyle([ConstantExpected] string css) => html.Append(css).Append('\n');

    public override string ToString() => html.ToString();

    /// <summary>Filled by the compiler: literals as they are, holes encoded, numbers in the invariant culture.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder html;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            html = writer.html;
            html.EnsureCapacity(html.Length + literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string markup) => html.Append(markup);

        public void AppendFormatted(string? value) => html.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
            html.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
