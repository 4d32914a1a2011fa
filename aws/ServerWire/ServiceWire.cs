using Amazon.Runtime;

namespace AwsCompat.Server;

/// <summary>The server's side of one service's wire format, generated from the same model as its client.</summary>
public abstract class ServiceWire
{
    /// <summary>The signing name in the SigV4 credential scope: <c>rds</c>, <c>states</c>, <c>dynamodb</c>, …</summary>
    public abstract string SigningName { get; }

    /// <summary>The operation that a request asks for.</summary>
    /// <exception cref="WireFormatException">The model has no such operation.</exception>
    public abstract string ReadOperation(WireRequest request);

    /// <summary>Reads the typed request.</summary>
    /// <exception cref="WireFormatException">A parameter that the operation does not have, or a value of the wrong type; the message names it.</exception>
    public abstract AmazonWebServiceRequest ReadRequest(string operation, WireRequest request);

    public abstract WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId);

    public abstract WireResponse WriteError(string code, string message, int status, string requestId);
}
