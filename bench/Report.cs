using System.Globalization;

namespace Dbre.Bench;

/// <summary>What the benches print: a heading, then a line each. Ratios are of one run on one machine, and so can be compared between machines.</summary>
internal static class Report
{
    public static void Heading(string text) => Console.WriteLine($"\n{text}\n{new string('-', text.Length)}");

    public static void Line(string what, object value) => Console.WriteLine($"{what,-58} {value}");

    public static void Ratio(string what, double ours, double theirs) => Line(what, string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:0.00} : 1"));
}
