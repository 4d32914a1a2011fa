namespace Dbre.Lab.Services.Signing;

/// <summary>Why a request's signature was not accepted; each protocol has its own code for each.</summary>
internal enum SignatureFault
{
    Missing,
    Incomplete,
    UnknownKey,
    BadToken,
    ExpiredToken,
    Mismatch,
    BodyMismatch,
    Skewed,
    ExpiredPresigned,
    Scope,
}

internal sealed class SignatureException(SignatureFault fault, string message) : Exception(message)
{
    internal SignatureFault Fault { get; } = fault;

    /// <summary>The error as a service's clients know it (S3, EC2, Query and JSON differ).</summary>
    internal ServiceException For(string service)
    {
        var (code, status) = service == "s3" ? S3() : service == "ec2" ? Ec2() : ServiceErrors.SpeaksQuery(service) ? Query() : Json();
        return new ServiceException(code, Message, status);
    }

    private (string Code, int Status) S3() => Fault switch
    {
        SignatureFault.Missing => ("AccessDenied", 403),
        SignatureFault.Incomplete or SignatureFault.Scope => ("AuthorizationHeaderMalformed", 400),
        SignatureFault.UnknownKey => ("InvalidAccessKeyId", 403),
        SignatureFault.BadToken => ("InvalidToken", 400),
        SignatureFault.ExpiredToken => ("ExpiredToken", 400),
        SignatureFault.BodyMismatch => ("XAmzContentSHA256Mismatch", 400),
        SignatureFault.Skewed => ("RequestTimeTooSkewed", 403),
        SignatureFault.ExpiredPresigned => ("AccessDenied", 403),
        _ => ("SignatureDoesNotMatch", 403),
    };

    private (string Code, int Status) Ec2() => Fault switch
    {
        SignatureFault.Missing => ("MissingAuthenticationToken", 403),
        SignatureFault.Incomplete => ("IncompleteSignature", 400),
        SignatureFault.ExpiredToken or SignatureFault.Skewed => ("RequestExpired", 400),
        _ => ("AuthFailure", 401),
    };

    private (string Code, int Status) Query() => Fault switch
    {
        SignatureFault.Missing => ("MissingAuthenticationToken", 403),
        SignatureFault.Incomplete => ("IncompleteSignature", 400),
        SignatureFault.UnknownKey or SignatureFault.BadToken => ("InvalidClientTokenId", 403),
        SignatureFault.ExpiredToken => ("ExpiredToken", 403),
        _ => ("SignatureDoesNotMatch", 403),
    };

    private (string Code, int Status) Json() => Fault switch
    {
        SignatureFault.Missing => ("MissingAuthenticationTokenException", 400),
        SignatureFault.Incomplete => ("IncompleteSignatureException", 400),
        SignatureFault.UnknownKey or SignatureFault.BadToken => ("UnrecognizedClientException", 400),
        SignatureFault.ExpiredToken => ("ExpiredTokenException", 400),
        _ => ("InvalidSignatureException", 400),
    };
}
