using System.Security.Cryptography;
using System.Text;

namespace Dbre.Lab.Services.Kms;

/// <summary>What Encrypt answers: the key's ARN in front, then AES-256-GCM over the data, with the encryption context as associated data.</summary>
internal static class Ciphertext
{
    private const int NonceLength = 12, TagLength = 16;

    internal static MemoryStream Encrypt(KmsKey key, ReadOnlySpan<byte> plain, IReadOnlyDictionary<string, string>? context, ReadOnlySpan<byte> nonce)
    {
        var arn = Encoding.ASCII.GetBytes(key.Arn);
        var blob = new byte[1 + arn.Length + NonceLength + TagLength + plain.Length];
        blob[0] = (byte)arn.Length;
        arn.CopyTo(blob, 1);
        var body = blob.AsSpan(1 + arn.Length);
        nonce.CopyTo(body);
        using var aes = new AesGcm(key.Material, TagLength);
        aes.Encrypt(nonce, plain, body[(NonceLength + TagLength)..], body.Slice(NonceLength, TagLength), Context(context));
        return new MemoryStream(blob);
    }

    /// <summary>The ARN of the key that a blob was encrypted under.</summary>
    /// <exception cref="ServiceException">InvalidCiphertextException.</exception>
    internal static string KeyOf(ReadOnlySpan<byte> blob) =>
        blob.Length > 0 && blob.Length >= 1 + blob[0] + NonceLength + TagLength ? Encoding.ASCII.GetString(blob.Slice(1, blob[0])) : throw Invalid();

    internal static byte[] Decrypt(KmsKey key, ReadOnlySpan<byte> blob, IReadOnlyDictionary<string, string>? context)
    {
        var body = blob[(1 + blob[0])..];
        var plain = new byte[body.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Material, TagLength);
        try
        {
            aes.Decrypt(body[..NonceLength], body[(NonceLength + TagLength)..], body.Slice(NonceLength, TagLength), plain, Context(context));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Invalid();
        }
    }

    internal static ServiceException Invalid() => new("InvalidCiphertextException", "The ciphertext is invalid, or was encrypted under another encryption context.");

    private static byte[] Context(IReadOnlyDictionary<string, string>? context) => Encoding.UTF8.GetBytes(
        string.Join('\n', (context ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key.Length}:{p.Key}={p.Value}")));
}
