namespace Dbre.Lab.Engines.Servers;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
internal static class SecretFile
{
    /// <exception cref="PlatformNotSupportedException">On Windows: the engines run on Linux.</exception>
    internal static void Write(string path, string text)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The database engines run on Linux.");
        }

        using var file = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(text);
    }
}
