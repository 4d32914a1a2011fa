using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <summary>What an engineer asks for.</summary>
/// <param name="To">The second to restore to; null is the latest possible, or a snapshot's own time.</param>
/// <param name="Snapshot">A snapshot to restore instead of a time.</param>
public sealed record RestoreInput(string Source, DateTimeOffset? To, string? Snapshot, string As, RestorePurpose Purpose, string RequestedBy, IReadOnlyList<ExpectedTable> Expected)
{
    /// <summary>The class of the restored database's instances, where the source does not say it; null is not given.</summary>
    public string? InstanceClass { get; init; }

    /// <summary>Where to restore; null is where the source is.</summary>
    public string? Region { get; init; }

    /// <summary>The DB subnet group of the restored database, where the source's is of another Region or not known; null is not given.</summary>
    public string? SubnetGroup { get; init; }

    /// <summary>Its security groups, likewise.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    private const string Latest = "latest";
    private const string Backtrack = "backtrack";
    private const string OfSnapshot = "snapshot:";
    private static readonly string[] Fields = ["source", "to", "as", "purpose", "requestedBy", "expected", "instanceClass", "region", "subnetGroup", "securityGroups"];
    private static readonly Dictionary<string, RestorePurpose> Purposes = new(StringComparer.Ordinal)
    {
        ["beside"] = RestorePurpose.Beside, ["replace"] = RestorePurpose.Replace, ["drill"] = RestorePurpose.Drill,
    };

    /// <summary>With names as RDS writes them, whatever case they were given in; DynamoDB's tables know case.</summary>
    public RestoreInput InLowerCase() => this with { Source = Source.ToLowerInvariant(), As = As.ToLowerInvariant() };

    /// <summary>Reads an execution's input; every problem is told at once.</summary>
    /// <param name="input">As it was given.</param>
    /// <param name="problems">One sentence each.</param>
    public static RestoreInput? Read(JsonElement input, List<string> problems)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"The input is {input.ValueKind}; it must be a JSON object with {string.Join(", ", Fields)}.");
            return null;
        }

        var before = problems.Count;
        problems.AddRange(input.EnumerateObject().Where(f => !Fields.Contains(f.Name)).Select(f => $"The input has the unknown field '{f.Name}'; allowed are {string.Join(", ", Fields)}."));
        var source = Text(input, "source", problems);
        var name = Text(input, "as", problems);
        var requester = Text(input, "requestedBy", problems);
        var given = Text(input, "purpose", problems);
        if (given is not null && !Purposes.ContainsKey(given))
        {
            problems.Add(given == Backtrack
                ? $"purpose is '{given}', which only Aurora MySQL knows, and which rewinds the live cluster itself with nothing proven before and nothing kept; allowed are {string.Join(", ", Purposes.Keys)}."
                : $"purpose is '{given}'; allowed are {string.Join(", ", Purposes.Keys)}.");
        }

        var to = Text(input, "to", problems);
        var (time, snapshot) = to is null ? (null, null) : Target(to, problems);
        var expected = Expectation(input, problems);
        var instanceClass = Matching(input, "instanceClass", ClassPattern, "a class of DB instances, such as db.r6g.large", problems);
        var region = Matching(input, "region", RegionPattern, "a Region, such as eu-west-1", problems);
        var subnetGroup = Matching(input, "subnetGroup", GroupPattern, "the name of a DB subnet group", problems);
        var securityGroups = SecurityGroupsOf(input, problems);
        return problems.Count > before ? null : new RestoreInput(source!, time, snapshot, name!, Purposes[given!], requester!, expected)
        {
            InstanceClass = instanceClass, Region = region, SubnetGroup = subnetGroup, SecurityGroups = securityGroups,
        };
    }

    /// <summary>A time with its zone, <c>latest</c>, or <c>snapshot:name</c>.</summary>
    public static (DateTimeOffset? Time, string? Snapshot) Target(string to, List<string> problems)
    {
        if (to == Latest)
        {
            return (null, null);
        }

        if (to.StartsWith(OfSnapshot, StringComparison.Ordinal))
        {
            return (null, to[OfSnapshot.Length..]);
        }

        const string allowed = "allowed are a time with its offset such as 2026-11-21T02:12:59Z or 2026-11-21T03:12:59+01:00, 'latest', and 'snapshot:' with a snapshot's name";
        var match = TimePattern.Match(to);
        if (!match.Success)
        {
            problems.Add($"to is '{to}'; {allowed}.");
        }
        else if (match.Groups["zone"].Value.Length == 0)
        {
            problems.Add($"to is '{to}', which has no offset from UTC; write 2026-11-21T02:12:59Z or 2026-11-21T03:12:59+01:00.");
        }
        else if (match.Groups["zone"].Value is not "Z" and not ['+' or '-', ..])
        {
            problems.Add($"to is '{to}', which names a time zone; write the offset instead, since a night in which the clocks go back has the same hour twice.");
        }
        else if (match.Groups["seconds"].Value == "60")
        {
            problems.Add($"to is '{to}'; databases know no leap second, so write :59 or the next minute's :00.");
        }
        else if (match.Groups["fraction"].Value.Length > 0)
        {
            problems.Add($"to is '{to}'; a restore is to a whole second, so write none after the point.");
        }
        else if (DateTimeOffset.TryParse(to, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return (time.ToUniversalTime(), null);
        }
        else
        {
            problems.Add($"to is '{to}', which is no time of the calendar; {allowed}.");
        }

        return (null, null);
    }

    private static readonly Regex TimePattern = new(
        @"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:(?<seconds>\d\d)(?<fraction>\.\d+)?)?\s?(?<zone>Z|[+-]\d\d:\d\d|\[?[A-Za-z_]+(/[A-Za-z_+-]+)*\]?)?$", RegexOptions.Compiled | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static string? Text(JsonElement input, string field, List<string> problems)
    {
        if (!input.TryGetProperty(field, out var value))
        {
            problems.Add($"The input has no field '{field}'; needed are source, to, as, purpose and requestedBy.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        problems.Add($"{field} is {value.GetRawText()}; it must be a text that is not empty.");
        return null;
    }

    private static string? Matching(JsonElement input, string field, Regex pattern, string what, List<string> problems)
    {
        if (!input.TryGetProperty(field, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.String && pattern.IsMatch(given.GetString()!))
        {
            return given.GetString();
        }

        problems.Add($"{field} is {given.GetRawText()}; it must be {what}.");
        return null;
    }

    private static List<string>? SecurityGroupsOf(JsonElement input, List<string> problems)
    {
        const string field = "securityGroups";
        if (!input.TryGetProperty(field, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.Array && given.GetArrayLength() > 0 && given.EnumerateArray().All(g => g.ValueKind == JsonValueKind.String && SecurityGroupPattern.IsMatch(g.GetString()!)))
        {
            return [.. given.EnumerateArray().Select(g => g.GetString()!)];
        }

        problems.Add($"{field} is {given.GetRawText()}; it must be a list of security groups, such as [\"sg-0a1b2c3d\"].");
        return null;
    }

    private static readonly Regex ClassPattern = Pattern(@"^db\.[a-z0-9-]+\.[a-z0-9-]+$");
    private static readonly Regex RegionPattern = Pattern("^[a-z]{2}(-[a-z]+)+-[0-9]$");
    private static readonly Regex GroupPattern = Pattern("^[A-Za-z0-9._ -]{1,255}$");
    private static readonly Regex SecurityGroupPattern = Pattern("^sg-[0-9a-z-]+$");

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.Compiled, TimeSpan.FromSeconds(1));

    private static List<ExpectedTable> Expectation(JsonElement input, List<string> problems)
    {
        if (!input.TryGetProperty("expected", out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        try
        {
            return given.Deserialize<List<ExpectedTable>>(FunctionJson.Options) ?? [];
        }
        catch (JsonException wrong)
        {
            problems.Add($"expected is no list of tables with table, rows and checksum: {wrong.Message}");
            return [];
        }
    }
}
