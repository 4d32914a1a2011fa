using AwsCompat.Server;

namespace Dbre.Lab.Services;

/// <summary>
/// A service whose wire format is not one of the generated ones and which therefore reads and writes HTTP itself (S3's REST-XML).
/// The gateway still checks the signature first; the service writes its own errors.
/// </summary>
public interface IRawService
{
    /// <summary>The signing name in the credential scope.</summary>
    string Name { get; }

    /// <summary>Answers one request; errors of the service are answers, not exceptions.</summary>
    Task<WireResponse> Handle(CallContext call, WireRequest request);

    /// <summary>Writes an error that the gateway found before the service was reached (a bad signature, an expired token).</summary>
    WireResponse WriteError(string code, string message, int status, string requestId);
}
