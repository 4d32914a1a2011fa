using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Credentials.Internal;

namespace AwsCompat.Client;

/// <summary>The pipeline's handler that says how a request is signed: with Signature Version 4, by the SDK's own signer.</summary>
public sealed class SignatureV4 : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
}
