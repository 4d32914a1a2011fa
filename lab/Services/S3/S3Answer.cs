using System.Text;
using System.Xml.Linq;
using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <summary>S3's answers: XML documents, errors, and bare ones.</summary>
internal static class S3Answer
{
    private static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    internal static WireResponse Empty(int status, string requestId, params (string Name, string? Value)[] headers) =>
        Bytes(status, requestId, default, headers);

    internal static WireResponse Bytes(int status, string requestId, ReadOnlyMemory<byte> body, params (string Name, string? Value)[] headers) => new(
        status,
        [new("x-amz-request-id", requestId), new("Server", "AmazonS3"), .. headers.Where(h => h.Value is not null).Select(h => KeyValuePair.Create(h.Name, h.Value!))],
        body);

    /// <param name="content">Elements without a namespace; they get S3's.</param>
    internal static WireResponse Xml(string requestId, XElement content)
    {
        foreach (var element in content.DescendantsAndSelf())
        {
            element.Name = Namespace + element.Name.LocalName;
        }

        return Document(200, requestId, content);
    }

    internal static WireResponse Error(string code, string message, int status, string requestId) =>
        Document(status, requestId, new XElement("Error", new XElement("Code", code), new XElement("Message", message), new XElement("RequestId", requestId)));

    private static WireResponse Document(int status, string requestId, XElement root) => Bytes(
        status, requestId, Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting)),
        ("Content-Type", "application/xml"));
}

/// <summary>The errors of S3 that more than one operation has.</summary>
internal static class S3Errors
{
    internal static ServiceException NoSuchBucket(string bucket) => new("NoSuchBucket", $"The specified bucket does not exist ({bucket})", 404);

    internal static ServiceException NoSuchKey => new("NoSuchKey", "The specified key does not exist.", 404);

    internal static ServiceException NoSuchVersion => new("NoSuchVersion", "The specified version does not exist.", 404);

    internal static ServiceException Malformed(string message) => new("MalformedXML", message);

    internal static ServiceException Invalid(string message) => new("InvalidArgument", message);

    internal static ServiceException NotEmulated(string what) => new("NotImplemented", $"The lab does not emulate {what} of S3.", 501);
}
