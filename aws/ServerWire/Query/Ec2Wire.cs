using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>EC2's protocol: a response has its result and its request id in the root, and errors come in a list.</summary>
internal sealed class Ec2Wire(ServiceModel model) : FormWire(model)
{
    public override WireResponse WriteResponse(string operation, AmazonWebServiceResponse response, string requestId)
    {
        var found = Find(operation);
        return Respond(200, requestId, xml =>
        {
            xml.WriteStartElement(operation + "Response", Model.XmlNamespace);
            xml.WriteElementString("requestId", requestId);
            XmlWriting.Members(xml, found.Output.Members, response);
            xml.WriteEndElement();
        });
    }

    public override WireResponse WriteError(string code, string message, int status, string requestId, IReadOnlyDictionary<string, object?>? details = null)
    {
        // EC2's model names no errors, so none has details.
        Describe(code, details);
        return Respond(status, requestId, xml =>
        {
            xml.WriteStartElement("Response");
            xml.WriteStartElement("Errors");
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", code);
            xml.WriteElementString("Message", message);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteElementString("RequestID", requestId);
            xml.WriteEndElement();
        });
    }
}
