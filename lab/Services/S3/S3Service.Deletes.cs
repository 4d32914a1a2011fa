using System.Globalization;
using System.Xml.Linq;
using AwsCompat.Server;

namespace Dbre.Lab.Services.S3;

/// <content>Deleting, and what forbids it: retention and legal holds.</content>
public sealed partial class S3Service
{
    private const int MaximumDeletes = 1000;

    private WireResponse DeleteObject(S3Request request)
    {
        request.RefuseQuery("versionId");
        request.RefuseHeaders("x-amz-bypass-governance-retention");
        var (versionId, marker) = Delete(request, request.Key!, request.Query.GetValueOrDefault("versionId"));
        return S3Answer.Empty(204, request.Call.RequestId, ("x-amz-version-id", versionId), ("x-amz-delete-marker", marker ? "true" : null));
    }

    private WireResponse DeleteObjects(S3Request request)
    {
        request.RefuseQuery("delete");
        request.RefuseHeaders("x-amz-bypass-governance-retention");
        Checksums.Verify(request.Wire.Headers, request.Wire.Body.Span);
        var document = request.Xml("Delete");
        var wanted = document.Elements().Where(e => e.Name.LocalName == "Object").Select(e => Only(e, "Key", "VersionId")).ToList();
        if (wanted.Count is 0 or > MaximumDeletes)
        {
            throw S3Errors.Malformed($"A Delete has 1 to {MaximumDeletes} objects, not {wanted.Count}.");
        }

        var quiet = document.Elements().FirstOrDefault(e => e.Name.LocalName == "Quiet")?.Value == "true";
        var result = new XElement("DeleteResult");
        foreach (var one in wanted)
        {
            var version = one.GetValueOrDefault("VersionId");
            try
            {
                var (deleted, marker) = Delete(request, one["Key"], version);
                if (!quiet)
                {
                    result.Add(new XElement(
                        "Deleted", new XElement("Key", one["Key"]), version is null ? null : new XElement("VersionId", version),
                        marker ? new XElement("DeleteMarker", true) : null, marker ? new XElement("DeleteMarkerVersionId", deleted) : null));
                }
            }
            catch (ServiceException e) when (e.Status is 403)
            {
                result.Add(new XElement("Error", new XElement("Key", one["Key"]), version is null ? null : new XElement("VersionId", version), new XElement("Code", e.Code), new XElement("Message", e.Message)));
            }
        }

        return S3Answer.Xml(request.Call.RequestId, result);
    }

    /// <summary>Without a version id a versioned bucket only gets a delete marker; with one the version goes, unless it is locked.</summary>
    private (string? VersionId, bool Marker) Delete(S3Request request, string key, string? versionId)
    {
        var bucket = Find(request, versionId is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion", key);
        if (versionId is not null)
        {
            if (bucket.Version(key, versionId) is { } version)
            {
                RequireUnlocked(request, bucket, version);
                bucket.Remove(version);
                return (versionId, version.DeleteMarker);
            }

            return (versionId, false);
        }

        if (bucket.Versioning is null)
        {
            if (bucket.Current(key) is { } current)
            {
                bucket.Remove(current);
            }

            return (null, false);
        }

        var marker = new ObjectVersion(key, NewVersionId(bucket), true, default, "", World.Now, new Dictionary<string, string>(), null);
        bucket.Add(marker);
        return (marker.VersionId, true);
    }

    private void RequireUnlocked(S3Request request, Bucket bucket, ObjectVersion version)
    {
        if (!version.Lock.Holds(World.Now))
        {
            return;
        }

        if (version.Lock is { Mode: "GOVERNANCE", LegalHold: false } && request.Header("x-amz-bypass-governance-retention") == "true")
        {
            Authorize(request, bucket, "s3:BypassGovernanceRetention", version.Key);
            return;
        }

        throw new ServiceException(ServiceErrors.AccessDenied, "Access Denied because object protected by object lock.", 403);
    }

    private ObjectLock LockOf(S3Request request, Bucket bucket)
    {
        var mode = request.Header("x-amz-object-lock-mode");
        var until = request.Header("x-amz-object-lock-retain-until-date");
        var hold = request.Header("x-amz-object-lock-legal-hold") == "ON";
        if ((mode ?? until) is null && !hold)
        {
            return bucket.Retention is { } retention ? new ObjectLock(retention.Mode, retention.Until(World.Now), false) : new ObjectLock(null, null, false);
        }

        if (!bucket.LockEnabled)
        {
            throw new ServiceException("InvalidRequest", "Bucket is missing Object Lock Configuration");
        }

        if ((mode is null) != (until is null))
        {
            throw S3Errors.Invalid("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }

        if (mode is not null)
        {
            Authorize(request, bucket, "s3:PutObjectRetention", request.Key);
        }

        if (hold)
        {
            Authorize(request, bucket, "s3:PutObjectLegalHold", request.Key);
        }

        return new ObjectLock(mode is null ? bucket.Retention?.Mode : RequireMode(mode), until is null ? bucket.Retention?.Until(World.Now) : RequireFuture(until), hold);
    }

    private WireResponse PutRetention(S3Request request)
    {
        request.RefuseQuery("retention", "versionId");
        request.RefuseHeaders("x-amz-bypass-governance-retention");
        var (bucket, version) = LockedVersion(request, "s3:PutObjectRetention");
        var values = Only(request.Xml("Retention"), "Mode", "RetainUntilDate");
        var wanted = new ObjectLock(RequireMode(values.GetValueOrDefault("Mode", "")), RequireFuture(values.GetValueOrDefault("RetainUntilDate", "")), version.Lock.LegalHold);
        // A lock may always be made longer or stricter, never the other way round.
        if (version.Lock.Until > wanted.Until || (version.Lock.Mode == "COMPLIANCE" && version.Lock.Until > World.Now && wanted.Mode != "COMPLIANCE"))
        {
            RequireUnlocked(request, bucket, version with { Lock = version.Lock with { LegalHold = false } });
        }

        bucket.Replace(version, version with { Lock = wanted });
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private WireResponse GetRetention(S3Request request)
    {
        request.RefuseQuery("retention", "versionId");
        var (_, version) = LockedVersion(request, "s3:GetObjectRetention");
        return version.Lock is { Mode: { } mode, Until: { } until }
            ? S3Answer.Xml(request.Call.RequestId, new XElement("Retention", new XElement("Mode", mode), new XElement("RetainUntilDate", Iso(until))))
            : throw new ServiceException("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", 404);
    }

    private WireResponse PutLegalHold(S3Request request)
    {
        request.RefuseQuery("legal-hold", "versionId");
        var (bucket, version) = LockedVersion(request, "s3:PutObjectLegalHold");
        var status = Only(request.Xml("LegalHold"), "Status").GetValueOrDefault("Status");
        bucket.Replace(version, version with { Lock = version.Lock with { LegalHold = status == "ON" } });
        return S3Answer.Empty(200, request.Call.RequestId);
    }

    private (Bucket Bucket, ObjectVersion Version) LockedVersion(S3Request request, string action)
    {
        var bucket = Find(request, action, request.Key);
        if (!bucket.LockEnabled)
        {
            throw new ServiceException("InvalidRequest", "Bucket is missing Object Lock Configuration");
        }

        var version = request.Query.TryGetValue("versionId", out var id) ? bucket.Version(request.Key!, id) ?? throw S3Errors.NoSuchVersion : bucket.Current(request.Key!);
        return version is { DeleteMarker: false } ? (bucket, version) : throw S3Errors.NoSuchKey;
    }

    private static string RequireMode(string mode) => mode is "GOVERNANCE" or "COMPLIANCE" ? mode : throw S3Errors.Invalid($"Unknown wormMode directive ('{mode}'; it must be GOVERNANCE or COMPLIANCE)");

    private DateTimeOffset RequireFuture(string until) =>
        DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > World.Now
            ? at
            : throw S3Errors.Invalid($"The retain until date must be in the future! (got '{until}')");
}
