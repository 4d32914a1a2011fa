namespace Dbre.Lab.Services.Rds;

/// <summary>
/// The presigned request to the source Region that comes with a cross-Region copy of something encrypted: the SDKs and the AWS CLI make it
/// when they are told the source Region. The lab checks which Region it was signed for.
/// </summary>
internal static class PreSignedUrl
{
    /// <exception cref="ServiceException">InvalidParameterValue: missing where AWS wants it, or signed for another Region.</exception>
    internal static void Check(string? url, string sourceRegion, bool required)
    {
        if (string.IsNullOrEmpty(url))
        {
            if (required)
            {
                throw RdsErrors.InvalidValue($"PreSignedUrl must be specified for a cross region copy of an encrypted snapshot: give the SourceRegion {sourceRegion} to the client, which makes it.");
            }

            return;
        }

        // Credential=AKIA…/20261121/us-east-1/rds/aws4_request
        var credential = Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? parsed.Query.TrimStart('?').Split('&').FirstOrDefault(p => p.StartsWith("X-Amz-Credential=", StringComparison.Ordinal))
            : null;
        if (credential is null || !Uri.UnescapeDataString(credential).Contains($"/{sourceRegion}/rds/", StringComparison.Ordinal))
        {
            throw RdsErrors.InvalidValue($"PreSignedurl could not be authenticated: it must be signed for rds in {sourceRegion}.");
        }
    }
}
