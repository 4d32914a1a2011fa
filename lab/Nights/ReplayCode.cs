using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>
/// What it takes to see a seed's nights again: <c>46.20.3.all.1a2b3c4d</c> is seed, databases, nights, kinds of faults, and the version that it
/// was found with; a restore's has the flow before it. Another version may do other things in the same nights, so its codes are refused.
/// </summary>
/// <param name="Flow">The flow that was simulated. Only another than the nightly one stands in the code, before the rest: <c>pitr-restore.46.1.1.all.1a2b3c4d</c>.</param>
public sealed record ReplayCode(string Flow, int Seed, int Databases, int Nights, IReadOnlyList<FaultKind> Kinds, string Version)
{
    public const string Nightly = "snapshot-copy";
    public const string Restores = "pitr-restore";

    private const string All = "all";

    /// <summary>This version: of the code that is simulated and simulates, and of the templates that it deploys.</summary>
    public static string VersionOf(string assemblyFolder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The files, and not what happens to be loaded: that differs between a sweep and a replay.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Dbre.*.dll").Order(StringComparer.Ordinal)
            .Where(f => !Path.GetFileName(f).StartsWith("Dbre.Cli", StringComparison.Ordinal) && !f.EndsWith(".Tests.dll", StringComparison.Ordinal)))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        foreach (var template in Directory.EnumerateFiles(assemblyFolder, "*.template.json").Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(template));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash())[..8];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Flow == Nightly ? "" : Flow + ".")}{Seed}.{Databases}.{Nights}.{KindsText()}.{Version}");

    /// <returns>Null when the text is no such code.</returns>
    public static ReplayCode? Parse(string text) =>
        text.Split('.') is [.. var before, var seed, var databases, var nights, var kinds, var version] && before is [] or [Restores]
        && Number(seed) is { } s && Number(databases) is { } d && Number(nights) is { } n && KindsOf(kinds) is { } k
            ? new ReplayCode(before is [] ? Nightly : before[0], s, d, n, k, version)
            : null;

    private string KindsText() => Kinds.Count == Enum.GetValues<FaultKind>().Length
        ? All
        : new StringBuilder().AppendJoin('+', Kinds.Select(FaultNames.Of)).ToString();

    private static List<FaultKind>? KindsOf(string text)
    {
        if (text == All)
        {
            return [.. Enum.GetValues<FaultKind>()];
        }

        var found = text.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(FaultNames.Find).ToList();
        return found.Contains(null) ? null : [.. found.Select(k => k!.Value)];
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
