using Amazon.Runtime;

namespace AwsCompat.Server;

/// <summary>The server's side of one service's wire format, driven by the same model as its client.</summary>
public abstract class ServiceWire
{
    /// <summary>The signing name in the SigV4 credential scope: <c>rds</c>, <c>states</c>, <c>dynamodb</c>, …</summary>
    public abstract string SigningName { get; }

    /// <summary>The wire for this very request: a service may be spoken to in more than one protocol. The answer goes out by the same one.</summary>
    public virtual ServiceWire For(WireRequest request) => this;

    /// <summary>The operation that a request asks for.</summary>
    /// <exception cref="WireFormatException">The model has no such operation.</exception>
    public abstract string ReadOperation(WireRequest request);

    /// <summary>Reads the typed request.</summary>
    /// <exception cref="WireFormatException">A parameter that the operation does not have, a required one missing, or a value of the wrong type; the message names it.</exception>
    public abstract AmazonWebServiceRequest ReadRequest(string operation, WireRequest request);

    public abstract WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId);

    /// <param name="code">AWS's code for the error.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="details">What the error carries besides its message, by member name (DynamoDB's <c>CancellationReasons</c>); the model must know each.</param>
    public abstract WireResponse WriteError(
        string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null);
}
