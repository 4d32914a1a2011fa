using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dbre.Lab.Simulation;

/// <summary>What happened, in order, by the virtual clock. Two runs of a seed have the same log, byte for byte; the hash says so without keeping it.</summary>
/// <param name="keep">Keeps the lines too, for a person to read.</param>
public sealed class EventLog(TimeProvider clock, bool keep) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public long Count { get; private set; }

    public void Add(string what)
    {
        var line = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture) + what;
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData("\n"u8);
        Count++;
        if (keep)
        {
            lines.Add(line);
        }
    }

    /// <summary>SHA-256 over all lines so far.</summary>
    public string Hash() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Dispose() => hash.Dispose();
}
