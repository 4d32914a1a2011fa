using System.Globalization;
using System.Text;
using AwsCompat.Server;

namespace Dbre.Lab.Services.Signing;

/// <summary>
/// S3's <c>aws-chunked</c> bodies: chunks with their size in hex, each signed over the one before when the payload is signed, and trailing
/// headers (checksums), which become headers of the request. Source: AWS, "Signature calculations: transferring a payload in multiple chunks".
/// </summary>
internal static class ChunkedBody
{
    private static readonly string NoBytes = SigningKey.HashHex([]);

    internal static WireRequest Unwrap(WireRequest request, string payloadHash, SignatureClaim claim, byte[] signingKey)
    {
        if (!payloadHash.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            return request;
        }

        var signed = payloadHash switch
        {
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => false,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" or "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => true,
            _ => throw new SignatureException(SignatureFault.Incomplete, $"The payload form {payloadHash} is not understood."),
        };
        var rest = request.Body;
        var content = new MemoryStream(rest.Length);
        var previous = claim.Signature;
        while (true)
        {
            var line = Line(ref rest);
            var parts = line.Split(';');
            if (!int.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) || size > rest.Length)
            {
                throw new SignatureException(SignatureFault.Incomplete, $"The chunk header '{line}' cannot be read.");
            }

            var chunk = rest[..size];
            rest = rest[size..];
            if (signed)
            {
                var expected = SigningKey.Sign(signingKey, $"AWS4-HMAC-SHA256-PAYLOAD\n{claim.Timestamp}\n{claim.Scope}\n{previous}\n{NoBytes}\n{SigningKey.HashHex(chunk.Span)}");
                previous = Same(expected, parts.FirstOrDefault(p => p.StartsWith("chunk-signature=", StringComparison.Ordinal))?["chunk-signature=".Length..]);
            }

            if (size == 0)
            {
                break;
            }

            content.Write(chunk.Span);
            Line(ref rest);
        }

        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        ReadTrailers(rest, headers, signed, previous, claim, signingKey);
        return request with { Body = content.ToArray(), Headers = headers };
    }

    private static void ReadTrailers(
        ReadOnlyMemory<byte> rest, Dictionary<string, string> headers, bool signed, string previous, SignatureClaim claim, byte[] signingKey)
    {
        var trailers = new StringBuilder();
        while (!rest.IsEmpty)
        {
            var line = Line(ref rest);
            if (line.Split(':', 2) is not [var name, var value])
            {
                continue;
            }

            if (name.Equals("x-amz-trailer-signature", StringComparison.OrdinalIgnoreCase))
            {
                if (signed)
                {
                    Same(SigningKey.Sign(signingKey, $"AWS4-HMAC-SHA256-TRAILER\n{claim.Timestamp}\n{claim.Scope}\n{previous}\n{SigningKey.HashHex(Encoding.UTF8.GetBytes(trailers.ToString()))}"), value.Trim());
                }

                continue;
            }

            trailers.Append(name).Append(':').Append(value.Trim()).Append('\n');
            headers[name] = value.Trim();
        }
    }

    private static string Same(string expected, string? said) => expected == said
        ? expected
        : throw new SignatureException(SignatureFault.Mismatch, "A chunk's signature does not match the signature calculated for it.");

    // One line up to CR LF; what follows it stays in rest.
    private static string Line(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf("\r\n"u8);
        var line = Encoding.ASCII.GetString(end < 0 ? rest.Span : rest.Span[..end]);
        rest = end < 0 ? default : rest[(end + 2)..];
        return line;
    }
}
