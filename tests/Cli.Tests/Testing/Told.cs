using System.Globalization;

using Dbre.Cli.Terminal;

namespace Dbre.Cli.Tests.Testing;

/// <summary>Keeps what progress was told.</summary>
internal sealed class Told : Progress
{
    public List<string> Lines { get; } = [];

    public override void Say(string text) => Lines.Add(text);

    public override void At(string name, string step, double? share) => Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {step} {share?.ToString(CultureInfo.InvariantCulture) ?? "?"}"));

    public override void End(string name, string said, bool failed) => Lines.Add($"{name}: {said}, {(failed ? "badly" : "well")}");
}
