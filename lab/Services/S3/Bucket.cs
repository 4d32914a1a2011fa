using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.S3;

/// <summary>One version of an object, or a delete marker.</summary>
/// <param name="Headers">What was sent with it and comes back with it: content type, metadata, checksums.</param>
internal sealed record ObjectVersion(
    string Key, string VersionId, bool DeleteMarker, ReadOnlyMemory<byte> Content, string ETag, DateTimeOffset Modified,
    IReadOnlyDictionary<string, string> Headers, ServerSideEncryption? Encryption)
{
    internal ObjectLock Lock { get; init; } = new(null, null, false);
}

/// <summary>AES256, or aws:kms with a key's ARN.</summary>
internal sealed record ServerSideEncryption(string Algorithm, string? KeyArn, bool BucketKey);

/// <summary>What keeps a version from being deleted.</summary>
/// <param name="Mode">GOVERNANCE (may be bypassed with a permission) or COMPLIANCE (by nobody).</param>
internal sealed record ObjectLock(string? Mode, DateTimeOffset? Until, bool LegalHold)
{
    internal bool Holds(DateTimeOffset now) => LegalHold || Until > now;
}

/// <summary>The retention that a bucket gives each new version.</summary>
internal sealed record DefaultRetention(string Mode, int? Days, int? Years)
{
    internal DateTimeOffset Until(DateTimeOffset now) => Days is { } days ? now.AddDays(days) : now.AddYears(Years ?? 0);
}

/// <summary>Lets objects of a prefix expire so many days after they were made, at the midnight (UTC) that follows.</summary>
internal sealed record LifecycleRule(string? Id, string Prefix, int Days, int? AbortUploadsAfterDays)
{
    internal bool Expires(ObjectVersion version, DateTimeOffset now) =>
        version.Key.StartsWith(Prefix, StringComparison.Ordinal) && now >= new DateTimeOffset(version.Modified.UtcDateTime.AddDays(Days).Date.AddDays(1), TimeSpan.Zero);
}

/// <summary>A bucket. Its name is unique in the world; it lives in one Region.</summary>
internal sealed class Bucket(string name, string account, string region, DateTimeOffset created)
{
    // Versions of a key, newest first, under keys in UTF-8 order.
    private readonly SortedDictionary<string, LinkedList<ObjectVersion>> objects = new(StringComparer.Ordinal);

    internal string Name { get; } = name;
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Arn { get; } = $"arn:aws:s3:::{name}";
    internal DateTimeOffset Created { get; } = created;

    /// <summary>Null (never on), Enabled or Suspended.</summary>
    internal string? Versioning { get; set; }
    internal bool LockEnabled { get; set; }
    internal DefaultRetention? Retention { get; set; }
    internal IReadOnlyList<LifecycleRule> Lifecycle { get; set; } = [];
    internal ServerSideEncryption Encryption { get; set; } = new("AES256", null, false);
    internal PolicyDocument? Policy { get; set; }

    /// <summary>Settings that are stored and answered as they were given: publicAccessBlock, ownershipControls.</summary>
    internal Dictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    internal bool IsEmpty => objects.Count == 0;

    internal IEnumerable<KeyValuePair<string, LinkedList<ObjectVersion>>> Keys => objects;

    internal ObjectVersion? Current(string key) => objects.TryGetValue(key, out var versions) ? versions.First!.Value : null;

    internal ObjectVersion? Version(string key, string versionId) =>
        objects.TryGetValue(key, out var versions) ? versions.FirstOrDefault(v => v.VersionId == versionId) : null;

    /// <summary>Adds a version. Without versioning (or suspended) the new one has the id "null" and takes the place of the one that had it.</summary>
    internal void Add(ObjectVersion version)
    {
        var versions = objects.TryGetValue(version.Key, out var found) ? found : objects[version.Key] = [];
        if (version.VersionId == "null" && versions.FirstOrDefault(v => v.VersionId == "null") is { } before)
        {
            versions.Remove(before);
        }

        versions.AddFirst(version);
    }

    /// <summary>Takes away what a lifecycle rule has let expire. Only buckets without versions have such rules here.</summary>
    internal void Expire(DateTimeOffset now)
    {
        foreach (var rule in Lifecycle)
        {
            foreach (var expired in objects.Where(o => rule.Expires(o.Value.First!.Value, now)).Select(o => o.Key).ToList())
            {
                objects.Remove(expired);
            }
        }
    }

    internal void Replace(ObjectVersion before, ObjectVersion after) => objects[before.Key].Find(before)!.Value = after;

    internal void Remove(ObjectVersion version)
    {
        var versions = objects[version.Key];
        versions.Remove(version);
        if (versions.Count == 0)
        {
            objects.Remove(version.Key);
        }
    }
}
