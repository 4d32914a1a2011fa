using Amazon.Runtime;

namespace Dbre.Lab.Services;

/// <summary>
/// One emulated AWS service: a table of typed operations. An operation that is not in the table is refused by name.
/// Operations work on the client's own request and response types; <c>ServiceGateway</c> reads and writes the wire.
/// </summary>
/// <remarks>
/// State is guarded by one lock for the whole lab (<see cref="World.Gate"/>): an operation registered with <see cref="On{TRequest,TResponse}"/>
/// runs inside it, start to end, so services may read each other's state. Work that takes time (a database engine, a function process)
/// never runs under the lock: it is started as a task, and takes the lock again to post what came of it.
/// </remarks>
public abstract class EmulatedService(string name, World world)
{
    private readonly Dictionary<string, Operation> operations = new(StringComparer.Ordinal);

    /// <summary>The signing name in the SigV4 credential scope: <c>rds</c>, <c>states</c>, <c>events</c>, …</summary>
    public string Name { get; } = name;

    public IReadOnlyDictionary<string, Operation> Operations => operations;

    protected World World { get; } = world;

    /// <summary>Registers an operation that answers at once, under the lock. Its name is the request type's without "Request".</summary>
    protected void On<TRequest, TResponse>(Func<CallContext, TRequest, TResponse> handle)
        where TRequest : AmazonWebServiceRequest where TResponse : AmazonWebServiceResponse =>
        Add<TRequest>((call, request) =>
        {
            lock (World.Gate)
            {
                return Task.FromResult<AmazonWebServiceResponse>(handle(call, (TRequest)request));
            }
        });

    /// <summary>Registers an operation that waits for something (a function's answer). It takes the lock itself where it needs it.</summary>
    protected void OnAsync<TRequest, TResponse>(Func<CallContext, TRequest, Task<TResponse>> handle)
        where TRequest : AmazonWebServiceRequest where TResponse : AmazonWebServiceResponse =>
        Add<TRequest>(async (call, request) => await handle(call, (TRequest)request).ConfigureAwait(false));

    private void Add<TRequest>(Func<CallContext, AmazonWebServiceRequest, Task<AmazonWebServiceResponse>> handle)
    {
        var operation = typeof(TRequest).Name[..^"Request".Length];
        operations.Add(operation, new Operation(operation, typeof(TRequest), handle));
    }

    /// <summary>An operation of a service: its name in the service model, its request type, and what answers it.</summary>
    public sealed record Operation(
        string Name, Type RequestType, Func<CallContext, AmazonWebServiceRequest, Task<AmazonWebServiceResponse>> Handle);
}
