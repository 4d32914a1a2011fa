using System.Text;

namespace AwsCompat.Generator;

/// <summary>Text of a C# file, indented by its braces.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line) => text.Append(' ', 4 * depth).Append(line).Append('\n');

    public void Line() => text.Append('\n');

    /// <summary>Writes the header and an opening brace; disposing closes it.</summary>
    public Block Open(string header, string end = "}")
    {
        Line(header);
        Line("{");
        depth++;
        return new Block(this, end);
    }

    public override string ToString() => text.ToString();

    public sealed class Block(CodeWriter writer, string end) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.Line(end);
        }
    }

    /// <summary>A C# string literal.</summary>
    public static string Quote(string? value) => value is null ? "null" : "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
