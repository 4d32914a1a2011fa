using System.Text;

using Spectre.Console;

namespace Dbre.Cli.Tests.Testing;

/// <summary>Where a command writes: a pipe, or a terminal of a given width.</summary>
internal sealed class Screen(bool terminal = false, int width = 100) : IAnsiConsoleOutput
{
    public StringWriter Text { get; } = new() { NewLine = "\n" };

    public TextWriter Writer => Text;

    public bool IsTerminal => terminal;

    public int Width => width;

    public int Height => 40;

    public void SetEncoding(Encoding encoding)
    {
    }

    /// <summary>Colours off, so that a test reads what a person does.</summary>
    public IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = this,
    });

    public override string ToString() => Text.ToString();
}
