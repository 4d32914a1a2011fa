using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dbre.Cli;

/// <summary>The kinds of options that the commands share. Each refuses a wrong value with one sentence: option, value, what is allowed.</summary>
internal static class Options
{
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string description, int least, int most, int otherwise) => new(name)
    {
        Description = Invariant($"{description}, {least} to {most}."),
        DefaultValueFactory = _ => otherwise,
        CustomParser = given =>
        {
            if (int.TryParse(given.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            given.AddError(Invariant($"{name} is '{given.Tokens[0].Value}'; allowed are whole numbers from {least} to {most}."));
            return otherwise;
        },
    };

    /// <summary>One of a few words.</summary>
    public static Option<string> OneOf(string name, string description, string otherwise, params IReadOnlyList<string> allowed) => new(name)
    {
        Description = $"{description}: {string.Join(", ", allowed)}.",
        DefaultValueFactory = _ => otherwise,
        CustomParser = given => Word(given, name, allowed) ?? otherwise,
    };

    /// <summary>A word that must be given, one of a few.</summary>
    public static Argument<string> Which(string name, string description, params IReadOnlyList<string> allowed) => new(name)
    {
        Description = $"{description}: {string.Join(", ", allowed)}.",
        CustomParser = given => Word(given, name, allowed),
    };

    private static string? Word(ArgumentResult given, string name, IReadOnlyList<string> allowed)
    {
        var word = given.Tokens[0].Value;
        if (allowed.Contains(word))
        {
            return word;
        }

        given.AddError($"{name} is '{word}'; allowed {(allowed.Count == 1 ? "is" : "are")} {string.Join(", ", allowed)}.");
        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
