using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>The query protocol: a response has its result in a wrapper, and its metadata beside it.</summary>
internal sealed class QueryWire(ServiceModel model) : FormWire(model)
{
    public override WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId)
    {
        var found = Find(operation);
        return Respond(200, requestId, xml =>
        {
            xml.WriteStartElement(operation + "Response", Model.XmlNamespace);
            if (found.ResultWrapper is not null)
            {
                xml.WriteStartElement(found.ResultWrapper);
                XmlWriting.Members(xml, found.Output.Members, response);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("ResponseMetadata");
            xml.WriteElementString("RequestId", requestId);
            xml.WriteEndElement();
            xml.WriteEndElement();
        });
    }

    public override WireResponse WriteError(string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null)
    {
        var (shape, values) = Describe(code, details);
        return Respond(status, requestId, xml =>
        {
            xml.WriteStartElement("ErrorResponse", Model.XmlNamespace);
            xml.WriteStartElement("Error");
            xml.WriteElementString("Type", status >= 500 ? "Receiver" : "Sender");
            xml.WriteElementString("Code", shape?.Code ?? code);
            xml.WriteElementString("Message", message);
            if (shape is not null && values.Count > 0)
            {
                XmlWriting.Members(xml, shape.Members, values);
            }

            xml.WriteEndElement();
            xml.WriteElementString("RequestId", requestId);
            xml.WriteEndElement();
        });
    }
}
