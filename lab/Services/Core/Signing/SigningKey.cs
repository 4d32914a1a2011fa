using System.Security.Cryptography;
using System.Text;

namespace Dbre.Lab.Services.Signing;

/// <summary>Signature Version 4's key derivation and the signature itself.</summary>
internal static class SigningKey
{
    internal static byte[] Derive(string secret, string date, string region, string service) =>
        Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secret), date), region), service), "aws4_request");

    internal static string StringToSign(string timestamp, string scope, string canonicalRequest) =>
        $"{SignatureClaim.Algorithm}\n{timestamp}\n{scope}\n{HashHex(Encoding.UTF8.GetBytes(canonicalRequest))}";

    internal static string Sign(byte[] key, string stringToSign) => Convert.ToHexStringLower(Mac(key, stringToSign));

    internal static string HashHex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
