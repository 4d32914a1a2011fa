using System.Text.RegularExpressions;

using Amazon;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>The source of a restore as RDS describes it, whether it is still there or only its backups are.</summary>
/// <param name="Status">Null when it is gone.</param>
/// <param name="AutomatedBackup">The ARN of its automated backups; null when there are none.</param>
/// <param name="KmsKey">The ARN of the key that encrypts it; null when it is not encrypted.</param>
/// <param name="Earliest">The window's begin and <paramref name="Latest"/> its end; null when RDS knows of none.</param>
public sealed record SourceDatabase(
    string Id, DatabaseKind Kind, string Engine, string Arn, string ResourceId, string? Status, int BackupRetentionDays, string? AutomatedBackup, string? KmsKey,
    DateTimeOffset? Earliest, DateTimeOffset? Latest, RestoreSettings Settings)
{
    /// <summary>The engine's version, as RDS says it.</summary>
    public string? Version { get; init; }
}

/// <summary>A snapshot that was named.</summary>
/// <param name="Version">The engine's when it was taken.</param>
/// <param name="KmsKey">The ARN of the key that encrypts it; null when it is not encrypted.</param>
public sealed record SourceSnapshot(string Id, string Status, string Database, string? Version = null, string? KmsKey = null);

/// <summary>What is known before anything is changed.</summary>
/// <param name="Source">Null when neither the database nor backups of it are found.</param>
/// <param name="Snapshot">Null when none was named, or there is none.</param>
/// <param name="TargetHolder">What has the name that the restored database shall get; null when it is free.</param>
public sealed record Known(SourceDatabase? Source, SourceSnapshot? Snapshot, NamedDatabase? TargetHolder, NamedDatabase? KeptHolder)
{
    /// <summary>The ARN of the key under which is what is restored; null when it is not encrypted.</summary>
    public string? Key => Snapshot is { } snapshot ? snapshot.KmsKey : Source?.KmsKey;

    /// <summary>The state of that key, as KMS names it; null when it has none, or the key is gone.</summary>
    public string? KeyState { get; init; }

    /// <summary>What the account's quotas of the Region leave room for.</summary>
    public Room Instances { get; init; } = Room.Unlimited;

    /// <summary>The same for clusters.</summary>
    public Room Clusters { get; init; } = Room.Unlimited;

    /// <summary>The classes that the restored database's instances would have and that the Region does not sell.</summary>
    public IReadOnlyList<string> Unorderable { get; init; } = [];

    /// <summary>What was found of the groups that the restored database is to have.</summary>
    public FoundGroups Groups { get; init; } = FoundGroups.All;
}

/// <summary>A quota of the account and how much of it is used.</summary>
public sealed record Room(long Used, long Most)
{
    public static Room Unlimited { get; } = new(0, long.MaxValue);
}

/// <summary>Whether a restore may begin: every reason against it, one sentence each.</summary>
public static partial class Preflight
{
    /// <param name="input">What was asked for.</param>
    /// <param name="known">What RDS says.</param>
    /// <param name="operationId">An earlier attempt of the same operation may have made the target already.</param>
    /// <param name="keptAs">The name for the old database.</param>
    /// <param name="region">Where it is restored.</param>
    /// <param name="now">When.</param>
    public static IReadOnlyList<string> Problems(RestoreInput input, Known known, string operationId, string keptAs, string region, DateTimeOffset now) =>
        known.Source is { } source
            ? [.. OfNames(input, known, operationId, keptAs), .. OfSource(input, known, source, region, now), .. SourceKey.Problems(source.Id, known.Key, known.KeyState), .. OfClass(input, known, source, region), .. OfNetwork(input, source), .. OfGroups(input, known, region), .. OfRoom(input, known, source, operationId, region)]
            : [.. OfNames(input, known, operationId, keptAs), .. Missing(input, region)];

    private static IEnumerable<string> Missing(RestoreInput input, string region)
    {
        yield return $"source is '{input.Source}'; there is no such database{(input.Region is null ? $" in {region}, and" : $", and in {region}")} no automated backup of one of that name. What else is left of it are its snapshots, to be restored by hand.";
    }

    private static IEnumerable<string> OfNames(RestoreInput input, Known known, string operationId, string keptAs)
    {
        var longest = RestorePlan.LongestName - (known.Source?.Kind == DatabaseKind.Cluster ? "-99".Length : 0);
        if (input.Region is null && input.As == input.Source && known.Source is not { Status: null })
        {
            yield return $"as is '{input.As}', the source itself; a restore makes a new database, so give another name.";
        }
        else if (!Name().IsMatch(input.As) || input.As.Length > longest)
        {
            yield return $"as is '{input.As}'; allowed are 1 to {longest} letters, digits and single hyphens, a letter first and no hyphen last.";
        }
        else if (known.TargetHolder is { } holder && holder.Operation != operationId)
        {
            yield return $"as is '{input.As}', a database that exists ({holder.Status}); give a name that is free.";
        }

        if (input.Purpose == RestorePurpose.Drill && !input.As.StartsWith(RestorePlan.DrillPrefix, StringComparison.Ordinal))
        {
            yield return $"as is '{input.As}'; a drill is removed at its end, so its name must begin with {RestorePlan.DrillPrefix}.";
        }

        if (input.Purpose == RestorePurpose.Replace && keptAs.Length > RestorePlan.LongestName)
        {
            yield return $"source is '{input.Source}'; the name '{keptAs}' under which the old database would be kept has {keptAs.Length} characters, and RDS allows {RestorePlan.LongestName}.";
        }
        else if (input.Purpose == RestorePurpose.Replace && known.KeptHolder is { } kept && kept.ResourceId != known.Source?.ResourceId)
        {
            yield return $"The name '{keptAs}', under which the old database would be kept, is taken; rename or remove that database first.";
        }
    }

    private static IEnumerable<string> OfSource(RestoreInput input, Known known, SourceDatabase source, string region, DateTimeOffset now)
    {
        var home = Arn.Parse(source.Arn).Region;
        if (input.Region is not null && input.Purpose == RestorePurpose.Replace)
        {
            yield return $"purpose is 'replace', but region is '{region}' and '{source.Id}' is in {home}, and a name leads to one Region; restore it with purpose 'beside', and lead its clients to it.";
        }
        else if (source.Status is null && input.Purpose == RestorePurpose.Replace)
        {
            yield return $"purpose is 'replace', but '{source.Id}' is gone and only its backups are left; restore it with purpose 'beside' under the name that you want.";
        }
        else if (source.Status is { } status && input.Purpose == RestorePurpose.Replace && status != "available")
        {
            yield return $"purpose is 'replace', but '{source.Id}' is {status}; it must be available for its name to be changed.";
        }

        if (source is { Kind: DatabaseKind.Cluster, Settings.MemberClasses.Count: 0 } && input.InstanceClass is null)
        {
            yield return $"source is '{source.Id}', a cluster {(source.Status is null ? "that is gone, and its backups do not say of which class its instances were" : "without instances")}; give instanceClass, such as db.r6g.large, for the instance that the restored one gets.";
        }

        if (input.Snapshot is { } named)
        {
            if (known.Snapshot is not { } snapshot)
            {
                yield return $"to is 'snapshot:{named}'; there is no such snapshot in {region}.";
            }
            else if (snapshot.Database != source.Id)
            {
                yield return $"to is 'snapshot:{named}', a snapshot of '{snapshot.Database}' and not of '{source.Id}'.";
            }
            else if (Major(source.Engine, snapshot.Version) is { } older && Major(source.Engine, source.Version) is { } newer && older != newer)
            {
                yield return $"to is 'snapshot:{named}', of {source.Engine} {snapshot.Version}; '{source.Id}' is {source.Version} by now, and its groups do not fit the other version, so restore that snapshot by hand.";
            }
            else if (snapshot.Status != "available")
            {
                yield return $"to is 'snapshot:{named}', which is {snapshot.Status}; it must be available.";
            }

            yield break;
        }

        if (input.Region is not null && source.AutomatedBackup is null)
        {
            yield return source.Kind == DatabaseKind.Cluster
                ? $"region is '{region}', and '{source.Id}' is a cluster, whose automated backups stay in {home}; say 'snapshot:' with one of its copies there."
                : $"region is '{region}', to which the automated backups of '{source.Id}' are not replicated; say 'snapshot:' with one of its copies there, and for the next time switch their replication on (start-db-instance-automated-backups-replication).";
            yield break;
        }

        foreach (var problem in OfTime(input.To, source, now))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> OfClass(RestoreInput input, Known known, SourceDatabase source, string region)
    {
        var ended = known.Unorderable.Intersect(source.Settings.MemberClasses, StringComparer.Ordinal).ToList();
        if (input.InstanceClass is not { } given)
        {
            foreach (var name in ended)
            {
                yield return $"source is '{source.Id}', of the class {name}, which can no longer be ordered for {source.Engine} {source.Version} in {region}; give instanceClass, such as db.r6g.large.";
            }

            yield break;
        }

        // As the source was: on another class a drill would measure another database, and a replacement carry another load.
        if (ended.Count == 0 && source.Settings.MemberClasses is [var own, ..])
        {
            yield return $"instanceClass is '{given}', but '{source.Id}' is there with {own}, and what is restored gets the same; leave instanceClass out.";
        }
        else if (known.Unorderable.Contains(given))
        {
            yield return $"instanceClass is '{given}', which cannot be ordered for {source.Engine} {source.Version} in {region}; give another.";
        }
    }

    // As the source was; only where that is of another Region, or not known any more, is there something to give.
    private static IEnumerable<string> OfNetwork(RestoreInput input, SourceDatabase source)
    {
        if (input.Region is not null || source.Status is null)
        {
            yield break;
        }

        foreach (var (field, value) in new[] { ("subnetGroup", input.SubnetGroup), ("securityGroups", input.SecurityGroups is { } groups ? string.Join(", ", groups) : null) }.Where(g => g.Item2 is not null))
        {
            yield return $"{field} is '{value}', but '{source.Id}' is there, and what is restored in its Region gets the same as it has; leave {field} out.";
        }
    }

    private static IEnumerable<string> OfGroups(RestoreInput input, Known known, string region)
    {
        if (known.Groups.Missing is { Count: > 0 } missing)
        {
            string[] others =
            [
                .. input is { Region: not null, SubnetGroup: null } && missing.Contains(NamedGroups.SubnetGroup(known.Source!.Settings.SubnetGroup)) ? ["another subnetGroup"] : (string[])[],
                .. (input.SecurityGroups ?? []).Select(NamedGroups.SecurityGroup).Intersect(missing).Any() ? ["other securityGroups"] : (string[])[],
            ];
            var another = others.Length == 0 ? "" : $", or give {string.Join(" and ", others)}";
            yield return $"The restored database needs {string.Join(" and ", missing)}, which {(missing.Count == 1 ? "is" : "are")} not there in {region}; make {(missing.Count == 1 ? "it" : "them")} first{another}.";
        }

        // What a live source has goes together, or RDS would not let it have it.
        foreach (var apart in input.SecurityGroups is null ? [] : known.Groups.Apart)
        {
            yield return $"The restored database needs the security group '{apart.SecurityGroup}', which is in {apart.Vpc}, and the DB subnet group '{apart.SubnetGroup}', which is in {apart.SubnetVpc}; give groups of one VPC.";
        }
    }

    // Groups are for one major version: 16 of PostgreSQL's 16.4, 10.11 of MariaDB's 10.11.8, 8.0 of MySQL's 8.0.39.
    private static string? Major(string engine, string? version) =>
        version is null ? null : string.Join('.', version.Split('.').Take(engine.Contains("postgres", StringComparison.Ordinal) ? 1 : 2));

    private static IEnumerable<string> OfRoom(RestoreInput input, Known known, SourceDatabase source, string operationId, string region)
    {
        // What an earlier attempt made counts as used already.
        if (known.TargetHolder?.Operation == operationId)
        {
            yield break;
        }

        var cluster = source.Kind == DatabaseKind.Cluster;
        (string Kind, int Needed, Room Room)[] wanted =
        [
            ("DB instance", RestorePlan.InstancesOf(source.Kind, input.Purpose, source.Settings), known.Instances),
            ("DB cluster", cluster ? 1 : 0, known.Clusters),
        ];
        foreach (var (kind, needed, room) in wanted.Where(w => w.Needed > w.Room.Most - w.Room.Used))
        {
            yield return $"The restore needs {Plural.Of(needed, kind, kind + "s")} in {region}, and {room.Used} of the quota of {room.Most} {Plural.Word(room.Used, "is", "are")} used; raise the quota or remove some first.";
        }
    }

    private static IEnumerable<string> OfTime(DateTimeOffset? to, SourceDatabase source, DateTimeOffset now)
    {
        if (source.BackupRetentionDays == 0 && source.AutomatedBackup is null)
        {
            yield return $"source is '{source.Id}', whose automated backups are off, so there is no log to restore from; restore one of its snapshots instead.";
        }
        else if (source.Latest is null && !(to > now))
        {
            yield return $"source is '{source.Id}', of which nothing can be restored yet: its first automated backup is not finished.";
        }
        else if (RestorableSecond.Problem(to, source.Earliest, source.Latest, now, "snapshots") is { } problem)
        {
            yield return problem;
        }
    }

    [GeneratedRegex("^[a-z](-?[a-z0-9])*$")]
    private static partial Regex Name();
}
