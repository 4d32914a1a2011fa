using System.Security.Cryptography;

namespace Dbre.Lab.Services.S3;

/// <summary>The checksums that S3 verifies and keeps: those of the <c>x-amz-checksum-…</c> headers and Content-MD5.</summary>
internal static class Checksums
{
    private const string Prefix = "x-amz-checksum-";

    // Reflected polynomials: CRC-32 (ISO-HDLC), CRC-32C (Castagnoli), CRC-64/NVME.
    private static readonly ulong[] Crc32 = Table(0xEDB88320), Crc32C = Table(0x82F63B78), Crc64Nvme = Table(0x9A6C9329AC4BC9B5);

    /// <summary>Checks every checksum that came with a body.</summary>
    /// <returns>The checksum headers, to keep with the object.</returns>
    /// <exception cref="ServiceException">BadDigest, naming the header.</exception>
    internal static Dictionary<string, string> Verify(IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, said) in headers.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || Compute(name[Prefix.Length..].ToLowerInvariant(), body) is not { } found)
            {
                continue;
            }

            if (found != said)
            {
                throw new ServiceException("BadDigest", $"The {name[Prefix.Length..].ToUpperInvariant()} you specified did not match the calculated checksum.");
            }

            kept[name.ToLowerInvariant()] = said;
        }

        if (headers.TryGetValue("Content-MD5", out var md5) && md5 != Convert.ToBase64String(Md5(body)))
        {
            throw new ServiceException("BadDigest", "The Content-MD5 you specified did not match what we received.");
        }

        return kept;
    }

#pragma warning disable CA5351, CA5350 // S3's own checksums, not a protection.
    internal static byte[] Md5(ReadOnlySpan<byte> body) => MD5.HashData(body);

    private static string? Compute(string algorithm, ReadOnlySpan<byte> body) => algorithm switch
    {
        "crc32" => Base64(Crc(Crc32, uint.MaxValue, body), 4),
        "crc32c" => Base64(Crc(Crc32C, uint.MaxValue, body), 4),
        "crc64nvme" => Base64(Crc(Crc64Nvme, ulong.MaxValue, body), 8),
        "sha1" => Convert.ToBase64String(SHA1.HashData(body)),
        "sha256" => Convert.ToBase64String(SHA256.HashData(body)),
        "type" or "mode" or "algorithm" => null,
        _ => throw S3Errors.NotEmulated($"the checksum {algorithm}"),
    };
#pragma warning restore CA5351, CA5350

    private static string Base64(ulong crc, int bytes)
    {
        Span<byte> text = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(text, crc);
        return Convert.ToBase64String(text[(8 - bytes)..]);
    }

    // One byte at a time; all ones before and after, within the width.
    private static ulong Crc(ulong[] table, ulong ones, ReadOnlySpan<byte> body)
    {
        var crc = ones;
        foreach (var b in body)
        {
            crc = table[(byte)crc ^ b] ^ (crc >> 8);
        }

        return crc ^ ones;
    }

    private static ulong[] Table(ulong polynomial)
    {
        var table = new ulong[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
