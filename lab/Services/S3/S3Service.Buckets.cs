using System.Globalization;
using System.Text;
using System.Xml.Linq;
using AwsCompat.Server;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.S3;

/// <content>Buckets and their settings.</content>
public sealed partial class S3Service
{
    private WireResponse ListBuckets(S3Request request)
    {
        request.RefuseQuery();
        request.Call.Authorize("s3:ListAllMyBuckets", "*");
        var own = buckets.Values.Where(b => b.Account == request.Call.Account);
        return S3Answer.Xml(request.Call.RequestId, new XElement(
            "ListAllMyBucketsResult",
            new XElement("Owner", new XElement("ID", request.Call.Account)),
            new XElement("Buckets", own.Select(b => new XElement("Bucket", new XElement("Name", b.Name), new XElement("CreationDate", Iso(b.Created)))))));
    }

    private WireResponse CreateBucket(S3Request request)
    {
        request.RefuseQuery();
        request.RefuseHeaders("x-amz-bucket-object-lock-enabled");
        Authorize(request, null, "s3:CreateBucket", null);
        var name = request.Bucket!;
        RequireName(name);
        var place = request.Wire.Body.IsEmpty ? null : request.Xml("CreateBucketConfiguration").Elements().FirstOrDefault(e => e.Name.LocalName == "LocationConstraint")?.Value;
        if ((place ?? "us-east-1") != request.Call.Region)
        {
            throw new ServiceException("IllegalLocationConstraintException", $"The {place ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to ({request.Call.Region}).");
        }

        if (buckets.TryGetValue(name, out var existing))
        {
            throw existing.Account == request.Call.Account
                ? new ServiceException("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", 409)
                : new ServiceException("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system.", 409);
        }

        // A bucket with object lock is versioned from the start.
        var locked = request.Header("x-amz-bucket-object-lock-enabled") == "true";
        buckets.Add(name, new Bucket(name, request.Call.Account, request.Call.Region, World.Now) { LockEnabled = locked, Versioning = locked ? "Enabled" : null });
        return S3Answer.Empty(200, request.Call.RequestId, ("Location", "/" + name));
    }

    private WireResponse HeadBucket(S3Request request) =>
        S3Answer.Empty(200, request.Call.RequestId, ("x-amz-bucket-region", Find(request, "s3:ListBucket").Region));

    private WireResponse DeleteBucket(S3Request request)
    {
        var bucket = Find(request, "s3:DeleteBucket");
        if (!bucket.IsEmpty)
        {
            throw new ServiceException("BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.", 409);
        }

        buckets.Remove(bucket.Name);
        return S3Answer.Empty(204, request.Call.RequestId);
    }

    private WireResponse PutVersioning(S3Request request)
    {
        var bucket = Find(request, "s3:PutBucketVersioning");
        var status = Only(request.Xml("VersioningConfiguration"), "Status")["Status"];
        if (status is not ("Enabled" or "Suspended") || (bucket.LockEnabled && status == "Suspended"))
        {
            throw new ServiceException("InvalidBucketState", $"The versioning status '{status}' must be Enabled, or Suspended on a bucket without object lock.", 409);
        }

        bucket.Versioning = status;
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse PutEncryption(S3Request request)
    {
        var bucket = Find(request, "s3:PutEncryptionConfiguration");
        var rule = request.Xml("ServerSideEncryptionConfiguration").Elements().ToList() is [{ Name.LocalName: "Rule" } only] ? only : throw S3Errors.Malformed("There must be one Rule.");
        var defaults = rule.Elements().FirstOrDefault(e => e.Name.LocalName == "ApplyServerSideEncryptionByDefault") ?? throw S3Errors.Malformed("The Rule has no ApplyServerSideEncryptionByDefault.");
        var values = Only(defaults, "SSEAlgorithm", "KMSMasterKeyID");
        var bucketKey = rule.Elements().FirstOrDefault(e => e.Name.LocalName == "BucketKeyEnabled")?.Value == "true";
        bucket.Encryption = Encryption(bucket, values.GetValueOrDefault("SSEAlgorithm"), values.GetValueOrDefault("KMSMasterKeyID"), bucketKey);
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse PutObjectLock(S3Request request)
    {
        var bucket = Find(request, "s3:PutBucketObjectLockConfiguration");
        if (bucket.Versioning != "Enabled")
        {
            throw new ServiceException("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration", 409);
        }

        var retention = request.Xml("ObjectLockConfiguration").Descendants().FirstOrDefault(e => e.Name.LocalName == "DefaultRetention");
        bucket.LockEnabled = true;
        bucket.Retention = retention is null ? null : ReadRetention(retention);
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse PutPolicy(S3Request request)
    {
        Find(request, "s3:PutBucketPolicy").Policy = PolicyDocument.Parse(request.Text);
        return S3Answer.Empty(204, request.Call.RequestId);
    }

    private WireResponse DeletePolicy(S3Request request)
    {
        Find(request, "s3:DeleteBucketPolicy").Policy = null;
        return S3Answer.Empty(204, request.Call.RequestId);
    }

    // Nothing in the lab grants public access; these settings are kept and answered.
    private WireResponse PutDocument(S3Request request)
    {
        var part = request.SubResource(BucketParts);
        var bucket = Find(request, part == "publicAccessBlock" ? "s3:PutBucketPublicAccessBlock" : "s3:PutBucketOwnershipControls");
        var root = part == "publicAccessBlock" ? "PublicAccessBlockConfiguration" : "OwnershipControls";
        bucket.Documents[part] = request.Xml(root).ToString(SaveOptions.DisableFormatting);
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse GetLocation(S3Request request)
    {
        var region = Find(request, "s3:GetBucketLocation").Region;
        return S3Answer.Xml(request.Call.RequestId, new XElement("LocationConstraint", region == "us-east-1" ? "" : region));
    }

    private WireResponse GetSetting(S3Request request, string part)
    {
        var id = request.Call.RequestId;
        switch (part)
        {
            case "versioning":
                var versioning = Find(request, "s3:GetBucketVersioning").Versioning;
                return S3Answer.Xml(id, new XElement("VersioningConfiguration", versioning is null ? null : new XElement("Status", versioning)));
            case "encryption":
                var encryption = Find(request, "s3:GetEncryptionConfiguration").Encryption;
                return S3Answer.Xml(id, new XElement("ServerSideEncryptionConfiguration", new XElement(
                    "Rule",
                    new XElement("ApplyServerSideEncryptionByDefault", new XElement("SSEAlgorithm", encryption.Algorithm), encryption.KeyArn is { } key ? new XElement("KMSMasterKeyID", key) : null),
                    new XElement("BucketKeyEnabled", encryption.BucketKey))));
            case "object-lock":
                var bucket = Find(request, "s3:GetBucketObjectLockConfiguration");
                return bucket.LockEnabled
                    ? S3Answer.Xml(id, new XElement("ObjectLockConfiguration", new XElement("ObjectLockEnabled", "Enabled"), WriteRetention(bucket.Retention)))
                    : throw new ServiceException("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", 404);
            case "policy":
                var policy = Find(request, "s3:GetBucketPolicy").Policy ?? throw new ServiceException("NoSuchBucketPolicy", "The bucket policy does not exist", 404);
                return S3Answer.Bytes(200, id, Encoding.UTF8.GetBytes(policy.Json), ("Content-Type", "application/json"));
            default:
                var documents = Find(request, part == "publicAccessBlock" ? "s3:GetBucketPublicAccessBlock" : "s3:GetBucketOwnershipControls").Documents;
                return documents.TryGetValue(part, out var document)
                    ? S3Answer.Xml(id, XElement.Parse(document))
                    : throw new ServiceException(part == "publicAccessBlock" ? "NoSuchPublicAccessBlockConfiguration" : "OwnershipControlsNotFoundError", $"The bucket has no {part}.", 404);
        }
    }

    private ServerSideEncryption Encryption(Bucket bucket, string? algorithm, string? keyId, bool bucketKey)
    {
        switch (algorithm)
        {
            case "AES256" when keyId is null:
                return new ServerSideEncryption("AES256", null, bucketKey);
            case "aws:kms":
                var key = World.Service<IKeys>().Resolve(bucket.Account, bucket.Region, keyId ?? "alias/aws/s3")
                    ?? throw new ServiceException("KMS.NotFoundException", $"The KMS key '{keyId}' does not exist in {bucket.Region}.");
                return new ServerSideEncryption("aws:kms", key.Arn, bucketKey);
            default:
                throw S3Errors.Invalid($"The encryption '{algorithm}' must be AES256 (without a key) or aws:kms.");
        }
    }

    private static DefaultRetention ReadRetention(XElement element)
    {
        var values = Only(element, "Mode", "Days", "Years");
        int? Number(string name) => values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        var retention = new DefaultRetention(values.GetValueOrDefault("Mode", ""), Number("Days"), Number("Years"));
        return retention.Mode is "GOVERNANCE" or "COMPLIANCE" && (retention.Days is > 0) != (retention.Years is > 0)
            ? retention
            : throw S3Errors.Malformed("DefaultRetention must have Mode GOVERNANCE or COMPLIANCE and a positive number of either Days or Years.");
    }

    private static XElement? WriteRetention(DefaultRetention? retention) => retention is null ? null : new XElement("Rule", new XElement(
        "DefaultRetention", new XElement("Mode", retention.Mode),
        retention.Days is { } days ? new XElement("Days", days) : new XElement("Years", retention.Years)));

    /// <summary>The values of an element's children, none of which may be another than these.</summary>
    private static Dictionary<string, string> Only(XElement element, params string[] known) => element.Elements().ToDictionary(
        e => known.Contains(e.Name.LocalName) ? e.Name.LocalName : throw S3Errors.NotEmulated($"the element {e.Name.LocalName} of {element.Name.LocalName}"),
        e => e.Value, StringComparer.Ordinal);

    private static void RequireName(string name)
    {
        if (name.Length is < 3 or > 63 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            || !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
        {
            throw new ServiceException("InvalidBucketName", $"The specified bucket is not valid: '{name}' must have 3 to 63 lower-case letters, digits, hyphens or dots and begin and end with a letter or digit.");
        }
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
