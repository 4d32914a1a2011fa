using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Writes the request of one operation in the service's protocol.</summary>
public sealed class RequestMarshaller(ServiceModel model, Operation operation, string serviceName) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        IRequest request = new DefaultRequest(input, serviceName) { HttpMethod = operation.Method, ResourcePath = operation.Uri };
        if (operation.HostPrefix is { } prefix)
        {
            request.HostPrefix = prefix;
        }

        FillIdempotencyTokens(input);
        switch (model.Protocol)
        {
            case Protocol.Query or Protocol.Ec2:
                QueryRequest.Write(request, model, operation, input);
                break;
            case Protocol.Json:
                request.Headers["X-Amz-Target"] = $"{model.TargetPrefix}.{operation.Name}";
                JsonRequest.Write(request, $"application/x-amz-json-{model.JsonVersion}", operation.Input.Members, input);
                break;
            default:
                RestRequest.Write(request, operation.Input, input);
                break;
        }

        return request;
    }

    /// <summary>The SDK's retries send the same bytes, so that the service sees one request.</summary>
    private void FillIdempotencyTokens(AmazonWebServiceRequest input)
    {
        foreach (var member in operation.Input.Members)
        {
            if (member.IdempotencyToken && member.Get(input) is null)
            {
#pragma warning disable RS0030 // Unique across processes and machines; a caller that must repeat itself exactly sets the token.
                member.Set(input, Guid.NewGuid().ToString());
#pragma warning restore RS0030
            }
        }
    }
}
