using System.Globalization;
using System.Xml.Linq;
using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <content>Lifecycle rules: expiry by age, in buckets without versions. Uploads in parts are not emulated, so there are none to abort.</content>
public sealed partial class S3Service
{
    private WireResponse PutLifecycle(S3Request request)
    {
        var bucket = Find(request, "s3:PutLifecycleConfiguration");
        if (bucket.Versioning is not null)
        {
            throw S3Errors.NotEmulated("lifecycle rules of a bucket with versions");
        }

        bucket.Lifecycle = [.. request.Xml("LifecycleConfiguration").Elements().Select(ReadRule)];
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse GetLifecycle(S3Request request)
    {
        var rules = Find(request, "s3:GetLifecycleConfiguration").Lifecycle;
        return rules.Count == 0
            ? throw new ServiceException("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404)
            : S3Answer.Xml(request.Call.RequestId, new XElement("LifecycleConfiguration", rules.Select(WriteRule)));
    }

    private static LifecycleRule ReadRule(XElement rule)
    {
        string? id = null, prefix = null;
        int? days = null, abort = null;
        foreach (var part in rule.Elements())
        {
            switch (part.Name.LocalName)
            {
                case "ID":
                    id = part.Value;
                    break;
                case "Status" when part.Value == "Enabled":
                    break;
                case "Prefix":
                    prefix = part.Value;
                    break;
                case "Filter":
                    prefix = Only(part, "Prefix").GetValueOrDefault("Prefix", "");
                    break;
                case "Expiration":
                    days = Days(Only(part, "Days").GetValueOrDefault("Days"));
                    break;
                case "AbortIncompleteMultipartUpload":
                    abort = Days(Only(part, "DaysAfterInitiation").GetValueOrDefault("DaysAfterInitiation"));
                    break;
                default:
                    throw S3Errors.NotEmulated($"the element {part.Name.LocalName} '{part.Value}' of a lifecycle rule");
            }
        }

        return new LifecycleRule(id, prefix ?? "", days ?? throw S3Errors.Malformed("A rule must have an Expiration."), abort);
    }

    private static XElement WriteRule(LifecycleRule rule) => new(
        "Rule",
        rule.Id is null ? null : new XElement("ID", rule.Id), new XElement("Filter", new XElement("Prefix", rule.Prefix)), new XElement("Status", "Enabled"),
        new XElement("Expiration", new XElement("Days", rule.Days)),
        rule.AbortUploadsAfterDays is { } days ? new XElement("AbortIncompleteMultipartUpload", new XElement("DaysAfterInitiation", days)) : null);

    private static int Days(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var days) && days > 0
        ? days
        : throw S3Errors.Invalid($"A number of days must be a positive whole number, not '{text}'.");
}
