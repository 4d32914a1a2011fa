using System.Diagnostics;

namespace Dbre.Infra.Tests.Testing;

/// <summary>A command-line checker that may be installed.</summary>
internal static class Tool
{
    /// <returns>Exit code and everything that it wrote; null when the program is not installed.</returns>
    public static (int ExitCode, string Output)? Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryRoot.Path };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
