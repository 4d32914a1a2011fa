namespace Dbre.Lab.StateMachines.Data;

/// <summary>The execution's chance, which its parallel parts share.</summary>
public sealed class Chance(Random random)
{
    private readonly Lock gate = new();

#pragma warning disable CA5394 // Jitter, MathRandom and UUID of an emulation: they must replay.
    internal double NextDouble()
    {
        lock (gate)
        {
            return random.NextDouble();
        }
    }

    internal int Next(int start, int end)
    {
        lock (gate)
        {
            return random.Next(start, end);
        }
    }

    /// <summary>A version-4 UUID.</summary>
    internal string NextUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (gate)
        {
            random.NextBytes(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
#pragma warning restore CA5394
}
