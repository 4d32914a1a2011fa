using System.Text.RegularExpressions;

namespace Dbre.Functions.Restore;

/// <summary>What is known before anything is changed.</summary>
/// <param name="Source">Null when neither the table nor a backup of it is found.</param>
/// <param name="TargetStatus">The status of the table that has the name already; null when it is free.</param>
/// <param name="KeyState">The state of the source's key, as KMS names it; null when it has none, or the key is gone.</param>
public sealed record KnownTables(SourceTable? Source, string? TargetStatus, string? KeyState);

/// <summary>Whether a restore of a table may begin: every reason against it, one sentence each.</summary>
public static partial class TablePreflight
{
    public static IReadOnlyList<string> Problems(RestoreInput input, KnownTables known, string region, DateTimeOffset now) => known.Source is { } source
        ? [.. OfNames(input, known), .. OfPurpose(input), .. input.Snapshot is { } backup ? OfBackup(backup, source) : OfTime(input.To, source, now), .. SourceKey.Problems(source.Name, source.Key, known.KeyState), .. OfExpected(input)]
        : [.. OfNames(input, known), .. OfPurpose(input), $"source is '{input.Source}'; there is no such table in {region}, and no backup of one."];

    /// <summary>The backup that a restore is made from; null where it is made to a second.</summary>
    public static TableBackupFound? Backup(RestoreInput input, SourceTable source) =>
        input.Snapshot is { } name ? source.Backups.FirstOrDefault(b => b.Name == name)
        : source.Status is null ? Deletion(source)
        : null;

    /// <summary>Whether DynamoDB could have a table of that name; it refuses to be asked for another.</summary>
    public static bool MayBeAName(string name) => Name().IsMatch(name) && name.Length is >= TableRestorePlan.ShortestName and <= TableRestorePlan.LongestName;

    private static IEnumerable<string> OfNames(RestoreInput input, KnownTables known)
    {
        var drill = input.As.StartsWith(TableRestorePlan.DrillPrefix, StringComparison.Ordinal);
        if (input.As == input.Source)
        {
            yield return $"as is '{input.As}', the source itself; a restore makes a new table, so give another name.";
        }
        else if (!MayBeAName(input.As))
        {
            yield return $"as is '{input.As}'; allowed are {TableRestorePlan.ShortestName} to {TableRestorePlan.LongestName} letters, digits, '_', '-' and '.'.";
        }
        else if (input.Purpose != RestorePurpose.Drill && (drill || !input.As.Contains(TableRestorePlan.Mark, StringComparison.Ordinal)))
        {
            yield return $"as is '{input.As}'; it must have '{TableRestorePlan.Mark}' in it and not begin with {TableRestorePlan.DrillPrefix}, since the functions may write to such tables and to no other.";
        }
        else if (known.TargetStatus is { } status)
        {
            yield return $"as is '{input.As}', a table that exists ({status}); give a name that is free.";
        }

        if (input.Purpose == RestorePurpose.Drill && !drill)
        {
            yield return $"as is '{input.As}'; a drill is removed at its end, so its name must begin with {TableRestorePlan.DrillPrefix}.";
        }
    }

    private static IEnumerable<string> OfPurpose(RestoreInput input)
    {
        if (input.Purpose == RestorePurpose.Replace)
        {
            yield return "purpose is 'replace', but DynamoDB cannot rename a table; restore it with purpose 'beside' and let the clients use the new name, or copy back the items that you miss.";
        }

        if (input.InstanceClass is { } named)
        {
            yield return $"instanceClass is '{named}', but a table has no instances; leave it out.";
        }

        if (input.Region is { } region)
        {
            yield return $"region is '{region}', but a table is restored in its own Region; leave it out.";
        }

        if (input.SubnetGroup is not null || input.SecurityGroups is not null)
        {
            yield return $"{(input.SubnetGroup is null ? "securityGroups are" : "a subnetGroup is")} given, but a table is in no network; leave {(input.SubnetGroup is null ? "them" : "it")} out.";
        }
    }

    private static IEnumerable<string> OfBackup(string name, SourceTable source)
    {
        switch (source.Backups.Where(b => b.Name == name).ToList())
        {
            case []:
                yield return $"to is 'snapshot:{name}'; '{source.Name}' has no such backup.";
                break;
            case [{ Available: false }]:
                yield return $"to is 'snapshot:{name}', which is not available yet.";
                break;
            case { Count: > 1 } several:
                yield return $"to is 'snapshot:{name}', of which '{source.Name}' has {several.Count}; DynamoDB lets backups share a name, so restore this one by hand.";
                break;
        }
    }

    private static IEnumerable<string> OfTime(DateTimeOffset? to, SourceTable source, DateTimeOffset now)
    {
        if (source.Status is null)
        {
            if (Deletion(source) is not { } kept)
            {
                yield return $"source is '{source.Name}', which was deleted while it could not be restored to a second; say snapshot: and one of its backups.";
            }
            else if (to is { } time)
            {
                yield return $"to is {RestorableSecond.Written(time)}, but '{source.Name}' was deleted at {RestorableSecond.Written(kept.At)}; of a deleted table DynamoDB keeps the last state alone, so say 'latest'.";
            }
        }
        else if (!source.Recoverable)
        {
            yield return $"source is '{source.Name}', whose point-in-time recovery is off; restore one of its backups instead.";
        }
        else if (RestorableSecond.Problem(to, source.Earliest, source.Latest, now, "backups") is { } problem)
        {
            yield return problem;
        }
    }

    private static TableBackupFound? Deletion(SourceTable source) => source.Backups.Where(b => b.OfDeletion).OrderByDescending(b => b.At).FirstOrDefault();

    private static IEnumerable<string> OfExpected(RestoreInput input) =>
        input.Expected.Where(e => e.Table != input.Source).Select(e => $"expected has the table '{e.Table}'; allowed is '{input.Source}', which is the one that is restored.");

    [GeneratedRegex("^[A-Za-z0-9_.-]+$")]
    private static partial Regex Name();
}
