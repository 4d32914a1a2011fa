using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using AwsCompat.Server;
using Dbre.Lab.Services.Signing;

namespace Dbre.Lab.Services.S3;

/// <summary>A request as S3 reads it: which bucket and key, by path or by host, with its query and headers.</summary>
/// <param name="Bucket">Null for the list of buckets.</param>
/// <param name="Key">Null for an operation on the bucket.</param>
/// <param name="Query">Without the parameters of a presigned signature.</param>
internal sealed record S3Request(CallContext Call, WireRequest Wire, string? Bucket, string? Key, IReadOnlyDictionary<string, string> Query)
{
    internal static S3Request Read(CallContext call, WireRequest wire, Func<string, bool> bucketExists)
    {
        var query = QueryString.Parse(wire.Query)
            .Where(p => !p.Key.StartsWith("X-Amz-", StringComparison.Ordinal) && p.Key != "x-id")
            .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var path = Uri.UnescapeDataString(wire.Path.TrimStart('/'));
        if (BucketOfHost(wire, path, bucketExists) is { } byHost)
        {
            return new S3Request(call, wire, byHost, path.Length == 0 ? null : path, query);
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        return new S3Request(call, wire, bucket.Length == 0 ? null : bucket, key.Length == 0 ? null : key, query);
    }

    internal string? Header(string name) => Wire.Headers.GetValueOrDefault(name);

    /// <summary>The name of the sub-resource that the query asks for (<c>versioning</c>, <c>policy</c>, …), or "".</summary>
    internal string SubResource(IReadOnlySet<string> known) => Query.Keys.FirstOrDefault(known.Contains) ?? "";

    /// <summary>Refuses query parameters that the operation does not handle.</summary>
    internal void RefuseQuery(params ReadOnlySpan<string> handled)
    {
        foreach (var name in Query.Keys)
        {
            if (!handled.Contains(name))
            {
                throw S3Errors.NotEmulated($"the query parameter {name} ({Wire.Method})");
            }
        }
    }

    /// <summary>Refuses <c>x-amz-</c> headers that the operation does not handle; those of signing and transport always pass.</summary>
    internal void RefuseHeaders(params ReadOnlySpan<string> handled)
    {
        foreach (var name in Wire.Headers.Keys.Select(n => n.ToLowerInvariant()))
        {
            var transport = name is "x-amz-date" or "x-amz-security-token" or "x-amz-content-sha256" or "x-amz-decoded-content-length" or "x-amz-trailer"
                or "x-amz-user-agent" or "x-amz-api-version" or "x-amz-sdk-checksum-algorithm" or "x-amz-trailer-signature" or "x-amz-expected-bucket-owner";
            if (name.StartsWith("x-amz-", StringComparison.Ordinal) && !transport && !handled.Contains(name)
                && !name.StartsWith("x-amz-checksum-", StringComparison.Ordinal) && !name.StartsWith("x-amz-meta-", StringComparison.Ordinal))
            {
                throw S3Errors.NotEmulated($"the header {name} ({Wire.Method})");
            }
        }
    }

    /// <summary>The body as an XML document.</summary>
    internal XElement Xml(string root)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(Wire.Body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var element = XElement.Load(reader);
            return element.Name.LocalName == root ? element : throw S3Errors.Malformed($"The document must be a {root}, not a {element.Name.LocalName}.");
        }
        catch (XmlException e)
        {
            throw S3Errors.Malformed($"The XML you provided was not well-formed or did not validate against our published schema: {e.Message}");
        }
    }

    internal string Text => Encoding.UTF8.GetString(Wire.Body.Span);

    // bucket.s3.region.amazonaws.com as AWS has it; before any other host only a bucket that exists, or one that "PUT /" is to make.
    private static string? BucketOfHost(WireRequest wire, string path, Func<string, bool> bucketExists)
    {
        var host = (wire.Headers.GetValueOrDefault("Host") ?? "").Split(':')[0];
        if (IPAddress.TryParse(host, out _) || host.StartsWith("s3.", StringComparison.Ordinal) || host.StartsWith("s3-", StringComparison.Ordinal) || !host.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        if (host.EndsWith(".amazonaws.com", StringComparison.Ordinal))
        {
            var end = Math.Max(host.LastIndexOf(".s3.", StringComparison.Ordinal), host.LastIndexOf(".s3-", StringComparison.Ordinal));
            return end > 0 ? host[..end] : null;
        }

        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            if (bucketExists(host[..dot]))
            {
                return host[..dot];
            }
        }

        return path.Length == 0 && wire.Method != "GET" && host.Count(c => c == '.') > 1 ? host[..host.IndexOf('.', StringComparison.Ordinal)] : null;
    }
}
