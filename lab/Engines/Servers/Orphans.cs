using System.Globalization;

namespace Dbre.Lab.Engines.Servers;

/// <summary>Ends servers that a lab left behind in this folder when it died in a way that even the kernel's signal did not cover.</summary>
internal static class Orphans
{
    /// <param name="idFile">The name of the file in which each server keeps its process's number, on the first line.</param>
    internal static void End(string root, string idFile)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(root, idFile, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true }))
        {
            // The number alone proves nothing: it may belong to another program by now.
            if (int.TryParse(File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && CommandLine(id).Contains(Path.GetDirectoryName(file)!, StringComparison.Ordinal))
            {
                ChildProcesses.Signal(id, Signal.Quit);
                WaitForEnd(id);
            }
        }
    }

    private static string CommandLine(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void WaitForEnd(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                ChildProcesses.Signal(processId, Signal.Kill);
            }
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }
}
