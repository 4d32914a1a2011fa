namespace Dbre.Lab.Host;

/// <summary>How a lab is set up.</summary>
/// <param name="Port">0 takes a free one.</param>
/// <param name="StateFolder">All state is under it; it is removed at the end. The database servers' user must reach it, so it is not in a home folder.</param>
/// <param name="AssemblyFolder">The cloud assembly to deploy.</param>
/// <param name="Seed">Ids are drawn from it.</param>
public sealed record LabOptions(int Port, string StateFolder, string AssemblyFolder, int Seed = 1)
{
    public const int UsualPort = 4566;

    /// <summary>A lab of its own for one drill: a free port, a folder by process.</summary>
    public static LabOptions ForDrill() => new(0, Path.Combine(Path.GetTempPath(), $"dbre-drill-{Environment.ProcessId}"), "cdk.out");

    /// <summary>The lab that stays up: on <c>DBRE_LAB_PORT</c>, or 4566.</summary>
    /// <exception cref="LabException">The variable is no port.</exception>
    public static LabOptions Standing()
    {
        var given = Environment.GetEnvironmentVariable("DBRE_LAB_PORT");
        var port = string.IsNullOrEmpty(given) ? UsualPort
            : int.TryParse(given, out var number) && number is > 0 and < 65536 ? number
            : throw new LabException($"DBRE_LAB_PORT is '{given}'; allowed are 1 to 65535.");
        return new LabOptions(port, Path.Combine(Path.GetTempPath(), $"dbre-lab-{port}"), "cdk.out");
    }
}
