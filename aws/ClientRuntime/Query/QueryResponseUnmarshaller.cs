using System.Net;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Reads a response of the query protocol.</summary>
internal sealed class QueryResponseUnmarshaller(Operation operation, ErrorFactories errors) : XmlResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var response = (AmazonWebServiceResponse)operation.Output.Create();
        var root = XmlReading.Load(context);
        if (operation.ResultWrapper is { } wrapper && XmlReading.Child(root, wrapper) is { } result)
        {
            XmlReading.Members(operation.Output.Members, result, response);
        }

        if (XmlReading.Child(root, "ResponseMetadata") is { } metadata && XmlReading.Child(metadata, "RequestId") is { } id)
        {
            response.ResponseMetadata = new ResponseMetadata { RequestId = id.Value };
        }

        return response;
    }

    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var error = XmlErrorResponseUnmarshaller.GetInstance().Unmarshall(context);
        XElement? element = null;
        return errors.Create(error, innerException, statusCode, (member, exception) =>
        {
            element ??= XmlReading.Child(XElement.Load(new MemoryStream(context.GetResponseBodyBytes())), "Error");
            if (element is not null)
            {
                XmlReading.Members([member], element, exception);
            }
        });
    }
}
