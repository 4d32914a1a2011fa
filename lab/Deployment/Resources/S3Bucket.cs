using System.Xml.Linq;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class S3Bucket() : ResourceType("AWS::S3::Bucket")
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var name = properties.Text("BucketName");
        var locked = properties.Flag("ObjectLockEnabled") == true;
        (string SubResource, XElement? Document)[] configuration =
        [
            ("versioning", Versioning(properties.Object("VersioningConfiguration"))),
            ("encryption", Encryption(properties.Object("BucketEncryption"))),
            ("publicAccessBlock", PublicAccess(properties.Object("PublicAccessBlockConfiguration"))),
            ("ownershipControls", Ownership(properties.Object("OwnershipControls"))),
            ("object-lock", ObjectLock(properties.Object("ObjectLockConfiguration"))),
            ("lifecycle", Lifecycle(properties.Object("LifecycleConfiguration"))),
        ];
        return async context =>
        {
            if (context.Before is null)
            {
                // us-east-1 is the Region that has no name for S3: there the document must be left out.
                var place = context.Region == "us-east-1" ? "" : new XElement(S3 + "CreateBucketConfiguration", new XElement(S3 + "LocationConstraint", context.Region)).ToString();
                (string, string)[] headers = locked ? [("x-amz-bucket-object-lock-enabled", "true")] : [];
                await context.PutToS3(name, "", place, headers).ConfigureAwait(false);
            }

            foreach (var (subResource, document) in configuration.Where(part => part.Document is not null))
            {
                await context.PutToS3(name, subResource, document!.ToString(SaveOptions.DisableFormatting)).ConfigureAwait(false);
            }

            return Made(
                name, ("Arn", $"arn:aws:s3:::{name}"), ("DomainName", $"{name}.s3.amazonaws.com"), ("RegionalDomainName", $"{name}.s3.{context.Region}.amazonaws.com"));
        };
    }

    private static XElement? Versioning(Properties? p) => p is null ? null : new(S3 + "VersioningConfiguration", new XElement(S3 + "Status", p.Text("Status")));

    private static XElement? Encryption(Properties? p) => p is null ? null : new(
        S3 + "ServerSideEncryptionConfiguration",
        p.Objects("ServerSideEncryptionConfiguration").Select(rule =>
        {
            var byDefault = rule.Object("ServerSideEncryptionByDefault")!;
            return new XElement(
                S3 + "Rule",
                new XElement(
                    S3 + "ApplyServerSideEncryptionByDefault",
                    new XElement(S3 + "SSEAlgorithm", byDefault.Text("SSEAlgorithm")), Optional("KMSMasterKeyID", byDefault.TextOrNull("KMSMasterKeyID"))),
                Optional("BucketKeyEnabled", rule.TextOrNull("BucketKeyEnabled")));
        }));

    private static XElement? PublicAccess(Properties? p) => p is null ? null : new(
        S3 + "PublicAccessBlockConfiguration",
        new[] { "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets" }.Select(flag => Optional(flag, p.TextOrNull(flag))));

    private static XElement? Ownership(Properties? p) => p is null ? null : new(
        S3 + "OwnershipControls", p.Objects("Rules").Select(rule => new XElement(S3 + "Rule", new XElement(S3 + "ObjectOwnership", rule.Text("ObjectOwnership")))));

    private static XElement? ObjectLock(Properties? p)
    {
        var retention = p?.Object("Rule")?.Object("DefaultRetention");
        return p is null ? null : new(
            S3 + "ObjectLockConfiguration",
            new XElement(S3 + "ObjectLockEnabled", p.Text("ObjectLockEnabled")),
            retention is null ? null : new XElement(
                S3 + "Rule", new XElement(
                    S3 + "DefaultRetention", new XElement(S3 + "Mode", retention.Text("Mode")), Optional("Days", retention.TextOrNull("Days")), Optional("Years", retention.TextOrNull("Years")))));
    }

    private static XElement? Lifecycle(Properties? p) => p is null ? null : new(
        S3 + "LifecycleConfiguration",
        p.Objects("Rules").Select(rule => new XElement(
            S3 + "Rule",
            Optional("ID", rule.TextOrNull("Id")),
            new XElement(S3 + "Filter", new XElement(S3 + "Prefix", rule.TextOrNull("Prefix") ?? "")),
            new XElement(S3 + "Status", rule.Text("Status")),
            rule.TextOrNull("ExpirationInDays") is { } days ? new XElement(S3 + "Expiration", new XElement(S3 + "Days", days)) : null,
            rule.Object("AbortIncompleteMultipartUpload") is { } abort
                ? new XElement(S3 + "AbortIncompleteMultipartUpload", new XElement(S3 + "DaysAfterInitiation", abort.Text("DaysAfterInitiation")))
                : null)));

    private static XElement? Optional(string name, string? value) => value is null ? null : new XElement(S3 + name, value);
}
