using System.Net;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Reads a response of EC2's protocol: the members stand in the root, errors in a list that has one.</summary>
internal sealed class Ec2ResponseUnmarshaller(Operation operation, ErrorFactories errors) : XmlResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var response = (AmazonWebServiceResponse)operation.Output.Create();
        var root = XmlReading.Load(context);
        XmlReading.Members(operation.Output.Members, root, response);
        if (XmlReading.Child(root, "requestId") is { } id)
        {
            response.ResponseMetadata = new ResponseMetadata { RequestId = id.Value };
        }

        return response;
    }

    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var root = XmlReading.Load(context);
        var error = XmlReading.Child(root, "Errors") is { } list ? XmlReading.Child(list, "Error") : null;
        var read = new ErrorResponse
        {
            // EC2 does not say whose fault an error is.
            Type = (int)statusCode >= 500 ? ErrorType.Receiver : ErrorType.Sender,
            Code = Text(error, "Code"),
            Message = Text(error, "Message"),
            RequestId = Text(root, "RequestID"),
        };
        return errors.Create(read, innerException, statusCode, static (_, _) => { });
    }

    private static string? Text(XElement? parent, string name) => parent is null ? null : XmlReading.Child(parent, name)?.Value;
}
