using System.ComponentModel;
using System.Diagnostics;

namespace Dbre.Services.Tests.Conformance;

/// <summary>A test against moto: reported as skipped, with the reason, where moto's server is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MotoFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(() =>
    {
        try
        {
            using var python = Process.Start("python3", ["-c", "import importlib.util as u, sys; sys.exit(0 if u.find_spec('moto') and u.find_spec('flask') else 3)"]);
            python.WaitForExit();
            return python.ExitCode == 0 ? null : "moto's server is not installed";
        }
        catch (Win32Exception)
        {
            return "python3 is not installed";
        }
    });

    public MotoFactAttribute() => Skip = Reason.Value!;
}
