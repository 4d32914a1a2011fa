using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <summary>
/// S3 over its REST-XML wire: buckets with versioning, default encryption, object lock and policies; objects with checksums, conditional
/// requests and versions; expiry by age. Multipart uploads, copies and ACLs are refused by name.
/// </summary>
public sealed partial class S3Service(World world) : EmulatedService("s3", world), IRawService
{
    private static readonly HashSet<string> BucketParts =
        ["versioning", "encryption", "publicAccessBlock", "ownershipControls", "object-lock", "policy", "lifecycle", "location", "versions", "delete"];

    private readonly SortedDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<WireResponse> Handle(CallContext call, WireRequest request)
    {
        lock (World.Gate)
        {
            try
            {
                return Task.FromResult(Route(S3Request.Read(call, request, buckets.ContainsKey)));
            }
            catch (ServiceException e)
            {
                return Task.FromResult(request.Method == "HEAD"
                    ? S3Answer.Empty(e.Status, call.RequestId)
                    : S3Answer.Error(e.Code, e.Message, e.Status, call.RequestId));
            }
        }
    }

    /// <inheritdoc />
    public WireResponse WriteError(string code, string message, int status, string requestId) => S3Answer.Error(code, message, status, requestId);

    private WireResponse Route(S3Request request)
    {
        if (request.Bucket is null)
        {
            return request.Wire.Method == "GET" ? ListBuckets(request) : throw S3Errors.NotEmulated($"{request.Wire.Method} on the service");
        }

        if (request.Key is not null)
        {
            return (request.Wire.Method, Part(request)) switch
            {
                ("PUT", "") => PutObject(request),
                ("GET", "") => GetObject(request, withBody: true),
                ("HEAD", "") => GetObject(request, withBody: false),
                ("DELETE", "") => DeleteObject(request),
                ("PUT", "retention") => PutRetention(request),
                ("GET", "retention") => GetRetention(request),
                ("PUT", "legal-hold") => PutLegalHold(request),
                var (method, part) => throw S3Errors.NotEmulated($"{method} of an object{(part.Length > 0 ? "'s " + part : "")}"),
            };
        }

        return (request.Wire.Method, request.SubResource(BucketParts)) switch
        {
            ("PUT", "") => CreateBucket(request),
            ("HEAD", "") => HeadBucket(request),
            ("DELETE", "") => DeleteBucket(request),
            ("GET", "") => ListObjects(request),
            ("GET", "versions") => ListVersions(request),
            ("POST", "delete") => DeleteObjects(request),
            ("PUT", "versioning") => PutVersioning(request),
            ("PUT", "encryption") => PutEncryption(request),
            ("PUT", "object-lock") => PutObjectLock(request),
            ("PUT", "policy") => PutPolicy(request),
            ("PUT", "lifecycle") => PutLifecycle(request),
            ("GET", "lifecycle") => GetLifecycle(request),
            ("PUT", "publicAccessBlock" or "ownershipControls") => PutDocument(request),
            ("GET", "location") => GetLocation(request),
            ("GET", { } part) => GetSetting(request, part),
            ("DELETE", "policy") => DeletePolicy(request),
            var (method, part) => throw S3Errors.NotEmulated($"{method} of a bucket{(part.Length > 0 ? "'s " + part : "")}"),
        };
    }

    private static string Part(S3Request request)
    {
        var part = request.Query.Keys.FirstOrDefault(k => k is not ("versionId" or "response-content-type"));
        return part ?? "";
    }

    /// <summary>The bucket, with the caller's permission on it or on an object in it.</summary>
    private Bucket Find(S3Request request, string action, string? key = null)
    {
        var bucket = buckets.GetValueOrDefault(request.Bucket!);
        Authorize(request, bucket, action, key);
        if (bucket is null)
        {
            throw S3Errors.NoSuchBucket(request.Bucket!);
        }

        bucket.Expire(World.Now);
        return bucket.Region == request.Call.Region
            ? bucket
            : throw new ServiceException(
                "AuthorizationHeaderMalformed",
                $"The authorization header is malformed; the region '{request.Call.Region}' is wrong; expecting '{bucket.Region}'");
    }

    private static void Authorize(S3Request request, Bucket? bucket, string action, string? key) =>
        request.Call.Authorize(new AccessRequest(action, $"arn:aws:s3:::{request.Bucket}{(key is null ? "" : "/" + key)}")
        {
            ResourcePolicy = bucket?.Policy,
            ResourceAccount = bucket?.Account,
        });
}
