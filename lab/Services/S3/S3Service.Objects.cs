using System.Globalization;
using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <content>Objects: one at a time.</content>
public sealed partial class S3Service
{
    private static readonly HashSet<string> ContentHeaders =
        new(["Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control", "Expires"], StringComparer.OrdinalIgnoreCase);

    private WireResponse PutObject(S3Request request)
    {
        request.RefuseQuery();
        request.RefuseHeaders(
            "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-bucket-key-enabled",
            "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold");
        var key = request.Key!;
        if (System.Text.Encoding.UTF8.GetByteCount(key) > 1024)
        {
            throw new ServiceException("KeyTooLongError", "Your key is too long");
        }

        var bucket = Find(request, "s3:PutObject", key);
        var body = request.Wire.Body;
        var kept = Checksums.Verify(request.Wire.Headers, body.Span);
        var objectLock = LockOf(request, bucket);
        CheckWriteConditions(request, bucket.Current(key));
        var encryption = request.Header("x-amz-server-side-encryption") is { } algorithm
            ? Encryption(bucket, algorithm, request.Header("x-amz-server-side-encryption-aws-kms-key-id"), request.Header("x-amz-server-side-encryption-bucket-key-enabled") == "true")
            : bucket.Encryption;
        UseKey(request.Call, encryption, "kms:GenerateDataKey");
        foreach (var (name, value) in request.Wire.Headers)
        {
            if (ContentHeaders.Contains(name) || name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
            {
                kept[name] = name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase) ? WithoutChunking(value) : value;
            }
        }

        var etag = $"\"{Convert.ToHexStringLower(Checksums.Md5(body.Span))}\"";
        // The caller's buffer may be used again: the object keeps its own.
        var version = new ObjectVersion(key, NewVersionId(bucket), false, body.ToArray(), etag, World.Now, kept, encryption) { Lock = objectLock };
        bucket.Add(version);
        return S3Answer.Empty(200, request.Call.RequestId, [("ETag", etag), ("x-amz-version-id", VersionHeader(bucket, version)), .. EncryptionHeaders(encryption), .. ChecksumHeaders(version)]);
    }

    /// <summary>The content of an object, for those who check what is said of it; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Read(string bucket, string key)
    {
        lock (World.Gate)
        {
            return buckets.GetValueOrDefault(bucket)?.Current(key) is { DeleteMarker: false } version ? version.Content : null;
        }
    }

    private WireResponse GetObject(S3Request request, bool withBody)
    {
        request.RefuseQuery("versionId", "response-content-type");
        request.RefuseHeaders();
        var versionId = request.Query.GetValueOrDefault("versionId");
        var bucket = Find(request, versionId is null ? "s3:GetObject" : "s3:GetObjectVersion", request.Key);
        var version = versionId is null ? bucket.Current(request.Key!) : bucket.Version(request.Key!, versionId) ?? throw S3Errors.NoSuchVersion;
        if (version is null || version.DeleteMarker)
        {
            // AWS tells that an object is missing only to those who may list the bucket.
            Authorize(request, bucket, "s3:ListBucket", null);
            throw version is not null && versionId is not null
                ? new ServiceException("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
                : S3Errors.NoSuchKey;
        }

        UseKey(request.Call, version.Encryption!, "kms:Decrypt");
        if (ReadCondition(request, version) is { } status)
        {
            return status == 304
                ? S3Answer.Empty(304, request.Call.RequestId, ("ETag", version.ETag))
                : throw new ServiceException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
        }

        var (from, to) = Range(request, version.Content.Length);
        var part = version.Content[from..to];
        var whole = part.Length == version.Content.Length;
        var headers = new List<(string, string?)>
        {
            ("ETag", version.ETag), ("Last-Modified", version.Modified.UtcDateTime.ToString("R", CultureInfo.InvariantCulture)), ("Accept-Ranges", "bytes"),
            ("Content-Length", part.Length.ToString(CultureInfo.InvariantCulture)), ("x-amz-version-id", VersionHeader(bucket, version)),
            ("Content-Range", whole ? null : string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to - 1}/{version.Content.Length}")),
            ("x-amz-object-lock-mode", version.Lock.Mode), ("x-amz-object-lock-retain-until-date", version.Lock.Until is { } until ? Iso(until) : null),
            ("x-amz-object-lock-legal-hold", version.Lock.LegalHold ? "ON" : null),
        };
        headers.AddRange(version.Headers.Where(h => !h.Key.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)).Select(h => (h.Key, (string?)h.Value)));
        headers.AddRange(EncryptionHeaders(version.Encryption!));
        if (request.Header("x-amz-checksum-mode") == "ENABLED" && whole)
        {
            headers.AddRange(ChecksumHeaders(version));
        }

        if (request.Query.TryGetValue("response-content-type", out var type))
        {
            headers.RemoveAll(h => h.Item1.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
            headers.Add(("Content-Type", type));
        }

        return S3Answer.Bytes(whole ? 200 : 206, request.Call.RequestId, withBody ? part : default, [.. headers]);
    }

    private string NewVersionId(Bucket bucket) => bucket.Versioning == "Enabled" ? World.NewToken(32, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._") : "null";

    private static string? VersionHeader(Bucket bucket, ObjectVersion version) => bucket.Versioning is null ? null : version.VersionId;

    private static IEnumerable<(string, string?)> EncryptionHeaders(ServerSideEncryption encryption) =>
    [
        ("x-amz-server-side-encryption", encryption.Algorithm), ("x-amz-server-side-encryption-aws-kms-key-id", encryption.KeyArn),
        ("x-amz-server-side-encryption-bucket-key-enabled", encryption.KeyArn is not null && encryption.BucketKey ? "true" : null),
    ];

    private static IEnumerable<(string, string?)> ChecksumHeaders(ObjectVersion version)
    {
        var sums = version.Headers.Where(h => h.Key.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)).Select(h => (h.Key, (string?)h.Value)).ToList();
        return sums.Count == 0 ? sums : [.. sums, ("x-amz-checksum-type", "FULL_OBJECT")];
    }

    // The caller needs the key too, as with S3 itself; the AWS-managed key lets everyone of its account.
    private void UseKey(CallContext call, ServerSideEncryption encryption, string action)
    {
        if (encryption.KeyArn is not { } arn || Arn.TryParse(arn) is not { } named)
        {
            return;
        }

        var key = World.Service<IKeys>().Resolve(named.Account, named.Region, arn)
            ?? throw new ServiceException("KMS.NotFoundException", $"Key '{arn}' does not exist");
        if (!key.Enabled)
        {
            throw new ServiceException(key.State == "Disabled" ? "KMS.DisabledException" : "KMS.KMSInvalidStateException", $"{arn} is {key.State}.");
        }

        if (!key.AwsManaged)
        {
            key.Authorize(call, action, "s3");
        }
    }

    private static void CheckWriteConditions(S3Request request, ObjectVersion? current)
    {
        var exists = current is { DeleteMarker: false };
        if (request.Header("If-None-Match") is { } noneMatch)
        {
            if (noneMatch != "*")
            {
                throw S3Errors.NotEmulated($"If-None-Match '{noneMatch}' on PUT; only *");
            }

            if (exists)
            {
                throw new ServiceException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
            }
        }

        if (request.Header("If-Match") is { } match)
        {
            if (!exists)
            {
                throw S3Errors.NoSuchKey;
            }

            if (Quoted(match) != current!.ETag)
            {
                throw new ServiceException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
            }
        }
    }

    /// <returns>Null when the object is to be answered, else 304 or 412.</returns>
    private static int? ReadCondition(S3Request request, ObjectVersion version)
    {
        DateTimeOffset? Date(string header) => DateTimeOffset.TryParse(request.Header(header), CultureInfo.InvariantCulture, out var at) ? at : null;
        // Headers carry whole seconds.
        var modified = DateTimeOffset.FromUnixTimeSeconds(version.Modified.ToUnixTimeSeconds());
        if (request.Header("If-Match") is { } match ? Quoted(match) != version.ETag && match != "*" : Date("If-Unmodified-Since") < modified)
        {
            return 412;
        }

        var unchanged = request.Header("If-None-Match") is { } noneMatch ? Quoted(noneMatch) == version.ETag || noneMatch == "*" : Date("If-Modified-Since") >= modified;
        return unchanged ? 304 : null;
    }

    private static (int From, int To) Range(S3Request request, int length)
    {
        if (request.Header("Range") is not { } range)
        {
            return (0, length);
        }

        if (range.StartsWith("bytes=", StringComparison.Ordinal) && range[6..].Split('-') is [var first, var last])
        {
            var hasFirst = int.TryParse(first, CultureInfo.InvariantCulture, out var from);
            var hasLast = int.TryParse(last, CultureInfo.InvariantCulture, out var to);
            if (!hasFirst && hasLast)
            {
                return (Math.Max(0, length - to), length);
            }

            if (hasFirst && from < length)
            {
                return (from, hasLast ? Math.Min(to + 1, length) : length);
            }
        }

        throw new ServiceException("InvalidRange", $"The requested range is not satisfiable ('{range}' of {length} bytes)", 416);
    }

    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";

    private static string WithoutChunking(string encoding) =>
        string.Join(",", encoding.Split(',', StringSplitOptions.TrimEntries).Where(e => e != "aws-chunked"));
}
