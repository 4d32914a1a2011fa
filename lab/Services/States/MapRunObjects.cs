using System.Text;
using System.Xml.Linq;

using AwsCompat.Server;

using Dbre.Lab.StateMachines;

namespace Dbre.Lab.Services.States;

/// <summary>The S3 objects of a Map Run, read and written as the state machine's role.</summary>
internal sealed class MapRunObjects(World world, CallContext role)
{
    /// <exception cref="StatesError">States.ItemReaderFailed.</exception>
    public async Task<string> Get(string bucket, string key)
    {
        var answer = await Send("GET", bucket, key, default).ConfigureAwait(false);
        return answer.Status < 300 ? Encoding.UTF8.GetString(answer.Body.Span) : throw new StatesError(StatesError.ItemReaderFailed, Refusal(answer, bucket, key));
    }

    /// <exception cref="StatesError">States.ResultWriterFailed.</exception>
    public async Task Put(string bucket, string key, byte[] content)
    {
        try
        {
            // Step Functions uploads in parts, and asks for the permissions of that whatever the size (Developer Guide, "IAM policies for ResultWriter").
            foreach (var action in (ReadOnlySpan<string>)["s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"])
            {
                role.Authorize(action, $"arn:aws:s3:::{bucket}/{key}");
            }
        }
        catch (ServiceException refused)
        {
            throw new StatesError(StatesError.ResultWriterFailed, $"{refused.Code}: {refused.Message}");
        }

        var answer = await Send("PUT", bucket, key, content).ConfigureAwait(false);
        if (answer.Status >= 300)
        {
            throw new StatesError(StatesError.ResultWriterFailed, Refusal(answer, bucket, key));
        }
    }

    private async Task<WireResponse> Send(string method, string bucket, string key, ReadOnlyMemory<byte> content)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = $"s3.{role.Region}.amazonaws.com",
            ["Content-Type"] = "application/json",
        };
        var path = "/" + string.Join('/', key.Split('/').Prepend(bucket).Select(Uri.EscapeDataString));
        return world.Services.GetValueOrDefault("s3") is IRawService s3
            ? await s3.Handle(role with { RequestId = world.NewId() }, new WireRequest(method, path, "", headers, content)).ConfigureAwait(false)
            : throw new StatesError(StatesError.Runtime, "The lab has no service s3, which a Distributed Map reads and writes.");
    }

    private static string Refusal(WireResponse answer, string bucket, string key)
    {
        var error = XElement.Parse(Encoding.UTF8.GetString(answer.Body.Span));
        string? Part(string name) => error.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        return $"{Part("Code")}: {Part("Message")} (s3://{bucket}/{key}; Service: Amazon S3, Status Code: {answer.Status})";
    }
}
