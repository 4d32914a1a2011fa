using System.Globalization;
using System.Xml.Linq;
using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <content>Listings.</content>
public sealed partial class S3Service
{
    private const int MaximumKeys = 1000;

    private WireResponse ListObjects(S3Request request)
    {
        request.RefuseQuery("list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner");
        request.RefuseHeaders();
        if (request.Query.GetValueOrDefault("list-type") != "2")
        {
            throw S3Errors.NotEmulated("ListObjects of version 1; use list-type=2");
        }

        var bucket = Find(request, "s3:ListBucket");
        var (prefix, delimiter) = (request.Query.GetValueOrDefault("prefix", ""), request.Query.GetValueOrDefault("delimiter", ""));
        var most = Most(request);
        // One entry per key, or per common prefix when a delimiter folds keys together.
        var entries = bucket.Keys.Where(k => k.Key.StartsWith(prefix, StringComparison.Ordinal) && !k.Value.First!.Value.DeleteMarker)
            .Select(k => (Name: Folded(k.Key, prefix, delimiter), Object: k.Value.First!.Value))
            .DistinctBy(e => e.Name)
            .Where(e => string.CompareOrdinal(e.Name, request.Query.GetValueOrDefault("start-after")) > 0);
        var page = Page.Of(entries, e => e.Name, request.Query.GetValueOrDefault("continuation-token"), most, "InvalidArgument");
        return S3Answer.Xml(request.Call.RequestId, new XElement(
            "ListBucketResult",
            new XElement("Name", bucket.Name), new XElement("Prefix", Encoded(request, prefix)), new XElement("KeyCount", page.Items.Count),
            new XElement("MaxKeys", most), new XElement("IsTruncated", page.NextToken is not null),
            request.Query.TryGetValue("encoding-type", out var encoding) ? new XElement("EncodingType", encoding) : null,
            delimiter.Length > 0 ? new XElement("Delimiter", Encoded(request, delimiter)) : null,
            page.NextToken is { } token ? new XElement("NextContinuationToken", token) : null,
            page.Items.Where(e => e.Name == e.Object.Key).Select(e => new XElement(
                "Contents",
                new XElement("Key", Encoded(request, e.Name)), new XElement("LastModified", Iso(e.Object.Modified)), new XElement("ETag", e.Object.ETag),
                new XElement("Size", e.Object.Content.Length), new XElement("StorageClass", "STANDARD"))),
            page.Items.Where(e => e.Name != e.Object.Key).Select(e => new XElement("CommonPrefixes", new XElement("Prefix", Encoded(request, e.Name))))));
    }

    private WireResponse ListVersions(S3Request request)
    {
        request.RefuseQuery("versions", "prefix", "max-keys", "key-marker", "version-id-marker", "encoding-type");
        request.RefuseHeaders();
        var bucket = Find(request, "s3:ListBucketVersions");
        var prefix = request.Query.GetValueOrDefault("prefix", "");
        var most = Most(request);
        var (keyMarker, versionMarker) = (request.Query.GetValueOrDefault("key-marker"), request.Query.GetValueOrDefault("version-id-marker"));
        var all = bucket.Keys.Where(k => k.Key.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(k => k.Value.Select(v => (Version: v, Latest: v == k.Value.First!.Value)));
        // Behind the marker: later keys, or older versions of the marker's own key.
        var passed = false;
        var rest = keyMarker is null ? all : all.Where(v =>
        {
            var order = string.CompareOrdinal(v.Version.Key, keyMarker);
            var behind = order > 0 || (order == 0 && passed);
            passed |= order == 0 && v.Version.VersionId == versionMarker;
            return behind;
        });
        var page = rest.Take(most + 1).ToList();
        var more = page.Count > most;
        page = [.. page.Take(most)];
        return S3Answer.Xml(request.Call.RequestId, new XElement(
            "ListVersionsResult",
            new XElement("Name", bucket.Name), new XElement("Prefix", Encoded(request, prefix)), new XElement("MaxKeys", most), new XElement("IsTruncated", more),
            request.Query.TryGetValue("encoding-type", out var encoding) ? new XElement("EncodingType", encoding) : null,
            more ? new XElement("NextKeyMarker", Encoded(request, page[^1].Version.Key)) : null,
            more ? new XElement("NextVersionIdMarker", page[^1].Version.VersionId) : null,
            page.Select(v => new XElement(
                v.Version.DeleteMarker ? "DeleteMarker" : "Version",
                new XElement("Key", Encoded(request, v.Version.Key)), new XElement("VersionId", v.Version.VersionId), new XElement("IsLatest", v.Latest),
                new XElement("LastModified", Iso(v.Version.Modified)),
                v.Version.DeleteMarker ? null : new object[] { new XElement("ETag", v.Version.ETag), new XElement("Size", v.Version.Content.Length), new XElement("StorageClass", "STANDARD") }))));
    }

    private static string Folded(string key, string prefix, string delimiter)
    {
        var end = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return end < 0 ? key : key[..(end + delimiter.Length)];
    }

    private static int Most(S3Request request) => request.Query.TryGetValue("max-keys", out var text)
        ? int.TryParse(text, CultureInfo.InvariantCulture, out var most) && most >= 0 ? Math.Min(most, MaximumKeys) : throw S3Errors.Invalid($"max-keys must be a number from 0, not '{text}'")
        : MaximumKeys;

    private static string Encoded(S3Request request, string text) =>
        request.Query.GetValueOrDefault("encoding-type") == "url" ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;
}
