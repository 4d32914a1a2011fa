using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AwsCompat.Server;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Signing;

/// <summary>Verifies a request's Signature Version 4: the key and its token, the time, the scope, the signature, the body's hash.</summary>
/// <param name="clock">The clock that signers use; differs from the world's only in the simulation.</param>
internal sealed class SignatureCheck(World world, TimeProvider clock)
{
    /// <summary>AWS refuses what was signed further away than this.</summary>
    internal static readonly TimeSpan MaximumSkew = TimeSpan.FromMinutes(5);

    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <returns>The request with its body as the service should see it (S3's signed chunks unwrapped), and whose it is.</returns>
    /// <exception cref="SignatureException">Not accepted.</exception>
    internal (Principal Principal, WireRequest Request) Verify(SignatureClaim claim, WireRequest request)
    {
        var key = KeyOf(claim);
        CheckTime(claim);
        if (!World.Regions.Contains(claim.Region))
        {
            throw new SignatureException(SignatureFault.Scope, $"Credential should be scoped to a valid region; '{claim.Region}' is none of: {string.Join(", ", World.Regions.Order(StringComparer.Ordinal))}.");
        }

        var s3 = claim.Service == "s3";
        var payloadHash = PayloadHash(claim, request, s3);
        var canonical = CanonicalRequest.Of(request, claim, payloadHash, pathIsKey: s3);
        var signingKey = SigningKey.Derive(key.Secret, claim.Date, claim.Region, claim.Service);
        var expected = SigningKey.Sign(signingKey, SigningKey.StringToSign(claim.Timestamp, claim.Scope, canonical));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(claim.Signature)))
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
        }

        return (key.Principal, s3 ? ChunkedBody.Unwrap(request, payloadHash, claim, signingKey) : request);
    }

    private AccessKey KeyOf(SignatureClaim claim)
    {
        var key = world.Iam.FindKey(claim.AccessKeyId)
            ?? throw new SignatureException(SignatureFault.UnknownKey, "The security token included in the request is invalid.");
        if (key.SessionToken != (string.IsNullOrEmpty(claim.SessionToken) ? null : claim.SessionToken))
        {
            throw new SignatureException(SignatureFault.BadToken, "The security token included in the request is invalid.");
        }

        if (key.Expiration <= world.Now)
        {
            throw new SignatureException(SignatureFault.ExpiredToken, "The security token included in the request is expired");
        }

        if (key.Principal.RoleArn is { } role && world.Iam.FindRole(role) is null)
        {
            throw new SignatureException(SignatureFault.UnknownKey, "The security token included in the request is invalid.");
        }

        return key;
    }

    private void CheckTime(SignatureClaim claim)
    {
        var now = clock.GetUtcNow();
        if (claim.Expires is { } expires)
        {
            if (now > claim.SignedAt + expires)
            {
                throw new SignatureException(SignatureFault.ExpiredPresigned, "Request has expired");
            }
        }
        else if (now - claim.SignedAt > MaximumSkew)
        {
            throw Skewed(claim, $"Signature expired: {claim.Timestamp} is now earlier than {Text(now - MaximumSkew)} ({Text(now)} - 5 min.)");
        }

        if (claim.SignedAt - now > MaximumSkew)
        {
            throw Skewed(claim, $"Signature not yet current: {claim.Timestamp} is still later than {Text(now + MaximumSkew)} ({Text(now)} + 5 min.)");
        }
    }

    // S3 has its own sentence; the SDKs read the skew from it or from the Date header and try again.
    private static SignatureException Skewed(SignatureClaim claim, string message) => new(
        SignatureFault.Skewed,
        claim.Service == "s3" ? "The difference between the request time and the current time is too large." : message);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string PayloadHash(SignatureClaim claim, WireRequest request, bool s3)
    {
        if (!request.Headers.TryGetValue("x-amz-content-sha256", out var said))
        {
            return s3 && claim.Presigned ? UnsignedPayload : SigningKey.HashHex(request.Body.Span);
        }

        if (s3 && (said == UnsignedPayload || said.StartsWith("STREAMING-", StringComparison.Ordinal)))
        {
            return said;
        }

        return said == SigningKey.HashHex(request.Body.Span)
            ? said
            : throw new SignatureException(SignatureFault.BodyMismatch, "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
}
