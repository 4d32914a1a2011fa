using System.Collections.Concurrent;
using Amazon.Runtime.Internal;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>How the SDK's pipeline writes and reads each operation of a service. An operation is prepared when first called.</summary>
/// <param name="model">The service.</param>
/// <param name="serviceName">The client's namespace, for the SDK's logs.</param>
/// <param name="unknownError">Makes the service's base exception, for errors that the model does not name.</param>
public sealed class ServiceOperations(ServiceModel model, string serviceName, ErrorFactory unknownError)
{
    private readonly ConcurrentDictionary<string, InvokeOptions> prepared = new(StringComparer.Ordinal);
    private readonly ErrorFactories errors = new(model, unknownError);

    public InvokeOptions this[string operation] => prepared.GetOrAdd(operation, Prepare);

    /// <summary>The pipeline's handlers that know the service: its endpoint and its signature.</summary>
    public static void Customize(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new RegionalEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new SignatureV4());
    }

    private InvokeOptions Prepare(string name)
    {
        var operation = model.Operations[name];
        return new InvokeOptions
        {
            RequestMarshaller = new RequestMarshaller(model, operation, serviceName),
            ResponseUnmarshaller = model.Protocol switch
            {
                Protocol.Query => new QueryResponseUnmarshaller(operation, errors),
                Protocol.Ec2 => new Ec2ResponseUnmarshaller(operation, errors),
                _ => new JsonResponseReader(operation, errors),
            },
        };
    }
}
