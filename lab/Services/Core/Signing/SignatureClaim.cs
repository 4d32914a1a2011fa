using System.Globalization;
using AwsCompat.Server;

namespace Dbre.Lab.Services.Signing;

/// <summary>What a signed request claims: who signed, when, for which Region and service, over which headers. From the Authorization header or a presigned query.</summary>
/// <param name="Expires">How long a presigned request holds; null for a header signature, which holds for the clock skew only.</param>
internal sealed record SignatureClaim(
    string AccessKeyId, string Date, string Region, string Service, DateTimeOffset SignedAt, IReadOnlyList<string> SignedHeaders,
    string Signature, string? SessionToken, TimeSpan? Expires)
{
    internal const string Algorithm = "AWS4-HMAC-SHA256";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    internal bool Presigned => Expires is not null;

    internal string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    internal string Timestamp => SignedAt.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <returns>Null when the request is not signed at all.</returns>
    /// <exception cref="SignatureException">The signature's parts are incomplete.</exception>
    internal static SignatureClaim? Read(WireRequest request)
    {
        if (request.Headers.TryGetValue("Authorization", out var authorization))
        {
            return FromHeader(authorization, request);
        }

        var query = QueryString.Parse(request.Query).ToLookup(p => p.Key, p => p.Value, StringComparer.Ordinal);
        return query.Contains("X-Amz-Algorithm") ? FromQuery(name => query[name].FirstOrDefault()) : null;
    }

    private static SignatureClaim FromHeader(string authorization, WireRequest request)
    {
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Incomplete, $"The Authorization header must begin with {Algorithm}.");
        }

        var parts = authorization[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        string Part(string name) => parts.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new SignatureException(SignatureFault.Incomplete, $"Authorization header requires '{name}' parameter.");
        var date = request.Headers.TryGetValue("X-Amz-Date", out var amazonDate) ? amazonDate
            : throw new SignatureException(SignatureFault.Incomplete, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        return Make(Part("Credential"), date, Part("SignedHeaders"), Part("Signature"), request.Headers.GetValueOrDefault("X-Amz-Security-Token"), null);
    }

    private static SignatureClaim FromQuery(Func<string, string?> parameter)
    {
        string Part(string name) => parameter(name) is { Length: > 0 } value
            ? value
            : throw new SignatureException(SignatureFault.Incomplete, $"The presigned query requires '{name}'.");
        if (Part("X-Amz-Algorithm") != Algorithm)
        {
            throw new SignatureException(SignatureFault.Incomplete, $"X-Amz-Algorithm must be {Algorithm}.");
        }

        // RDS's PreSignedUrl and S3's both carry Expires; AWS's own limit is seven days.
        if (!int.TryParse(Part("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 604_800)
        {
            throw new SignatureException(SignatureFault.Incomplete, "X-Amz-Expires must be between 1 and 604800 seconds.");
        }

        return Make(
            Part("X-Amz-Credential"), Part("X-Amz-Date"), Part("X-Amz-SignedHeaders"), Part("X-Amz-Signature"),
            parameter("X-Amz-Security-Token"), TimeSpan.FromSeconds(seconds));
    }

    private static SignatureClaim Make(string credential, string timestamp, string signedHeaders, string signature, string? token, TimeSpan? expires)
    {
        if (credential.Split('/') is not [var key, var date, var region, var service, "aws4_request"])
        {
            throw new SignatureException(
                SignatureFault.Incomplete, $"The credential '{credential}' must be <key>/<yyyymmdd>/<region>/<service>/aws4_request.");
        }

        if (!DateTimeOffset.TryParseExact(timestamp, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw new SignatureException(SignatureFault.Incomplete, $"The date '{timestamp}' must be written yyyymmddThhmmssZ.");
        }

        if (!timestamp.StartsWith(date, StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Mismatch, $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{timestamp[..8]}', from '{timestamp}'.");
        }

        return new SignatureClaim(key, date, region, service, at, signedHeaders.Split(';'), signature, token, expires);
    }
}
