using System.Text;

using AwsCompat.Server;

using Dbre.Lab.Services;

namespace Dbre.Lab.Deployment.Resources;

/// <summary>One request to the emulated S3, whose operations are HTTP: a bucket, a sub-resource, a document.</summary>
internal static class S3Call
{
    /// <exception cref="ServiceException">S3 refused it; the message is its answer.</exception>
    public static async Task PutToS3(this ResourceContext context, string bucket, string subResource, string document, params (string Name, string Value)[] headers)
    {
        if (context.World.Services.GetValueOrDefault("s3") is not IRawService s3)
        {
            throw new ServiceException("UnknownService", "The lab has no service s3.");
        }

        var all = headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        all.TryAdd("Host", $"s3.{context.Region}.amazonaws.com");
        var answer = await s3.Handle(context.Caller, new WireRequest("PUT", $"/{bucket}", subResource, all, Encoding.UTF8.GetBytes(document))).ConfigureAwait(false);
        if (answer.Status >= 300)
        {
            throw new ServiceException("S3", $"PUT {bucket}?{subResource} was answered with {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}", answer.Status);
        }
    }
}
