using System.Text.Json;
using System.Text.RegularExpressions;

using Amazon;

namespace Dbre.Functions.Core.Policies;

/// <summary>Reads the policy file field by field, and goes on after a problem so that all are told at once.</summary>
internal sealed partial class PolicyReader
{
    public List<string> Problems { get; } = [];

    public IReadOnlyList<Policy> File(JsonElement root)
    {
        var policies = Object(root, "the policy file", "policies")
            ? Items(root, "policies", "policies", required: true).Select((item, i) => One(item, $"policies[{i}]")).OfType<Policy>().ToList()
            : [];
        foreach (var twice in policies.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            Problems.Add($"policies: the name '{twice.Key}' is used {twice.Count()} times; each policy needs a name of its own.");
        }

        return policies;
    }

    private Policy? One(JsonElement item, string at)
    {
        var before = Problems.Count;
        if (!Object(item, at, "name", "select", "schedule", "copies", "retention", "proof", "objectives", "windowHours", "drill", "canary"))
        {
            return null;
        }

        var name = Text(item, "name", at);
        if (name is not null && !PolicyName().IsMatch(name))
        {
            Problems.Add($"{at}.name is '{name}'; allowed are 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter.");
        }

        var policy = new Policy(
            name ?? "", Select(Child(item, "select", at), $"{at}.select"), Schedule(Child(item, "schedule", at), $"{at}.schedule"),
            [.. Items(item, "copies", $"{at}.copies", required: true).Select((copy, i) => Copy(copy, $"{at}.copies[{i}]"))],
            Retention(Child(item, "retention", at), $"{at}.retention"), Proof(Child(item, "proof", at), $"{at}.proof"),
            Objectives(Child(item, "objectives", at), $"{at}.objectives"), Number(item, "windowHours", at, 1, 23, Policy.UsualWindowHours),
            item.TryGetProperty("drill", out var drill) ? Drill(drill, $"{at}.drill") : null, Flag(item, "canary", at));
        foreach (var twice in policy.Copies.GroupBy(c => (c.Region, c.Account)).Where(g => g.Count() > 1))
        {
            Problems.Add($"{at}.copies names Region '{twice.Key.Region}' twice for one account; one copy per Region and account is allowed.");
        }

        return Problems.Count == before ? policy : null;
    }

    private Selector Select(JsonElement? item, string at)
    {
        if (item is not { } select || !Object(select, at, "tags", "engines", "names"))
        {
            return new Selector(new Dictionary<string, string>(), [], []);
        }

        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (select.TryGetProperty("tags", out var given) && Kind(given, JsonValueKind.Object, $"{at}.tags", "an object of tag name to value"))
        {
            foreach (var tag in given.EnumerateObject())
            {
                if (Kind(tag.Value, JsonValueKind.String, $"{at}.tags.{tag.Name}", "a text"))
                {
                    tags[tag.Name] = tag.Value.GetString()!;
                }
            }
        }

        var engines = Texts(select, "engines", at);
        foreach (var engine in engines.Where(e => !PolicyFile.Engines.Contains(e)))
        {
            Problems.Add($"{at}.engines has '{engine}'; allowed are {string.Join(", ", PolicyFile.Engines)}.");
        }

        var names = Texts(select, "names", at);
        if (tags.Count == 0 && names.Count == 0)
        {
            Problems.Add($"{at} selects nothing in particular; give tags or names (\"*\" for every database).");
        }

        return new Selector(tags, engines, names.Count == 0 ? ["*"] : names);
    }

    private Schedule Schedule(JsonElement? item, string at)
    {
        if (item is not { } schedule || !Object(schedule, at, "cron", "timeZone"))
        {
            return new Schedule("", "");
        }

        var cron = Text(schedule, "cron", at) ?? "";
        if (cron.Length > 0 && !Cron().IsMatch(cron))
        {
            Problems.Add($"{at}.cron is '{cron}'; allowed is cron(minute hour day month weekday year) or rate(…), as EventBridge Scheduler takes it.");
        }

        var zone = Text(schedule, "timeZone", at, required: false) ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            Problems.Add($"{at}.timeZone is '{zone}'; allowed are names of the IANA time zone database, such as Europe/Dublin.");
        }

        return new Schedule(cron, zone);
    }

    private CopyTarget Copy(JsonElement item, string at)
    {
        if (!Object(item, at, "region", "account", "kmsKey", "subnetGroup", "securityGroups"))
        {
            return new CopyTarget("", null, "");
        }

        var region = Text(item, "region", at) ?? "";
        if (region.Length > 0 && RegionEndpoint.EnumerableAllRegions.All(r => r.SystemName != region))
        {
            Problems.Add($"{at}.region is '{region}', which is not an AWS Region; allowed are names such as eu-west-1.");
        }

        var account = Text(item, "account", at, required: false);
        if (account is not null && !AccountId().IsMatch(account))
        {
            Problems.Add($"{at}.account is '{account}'; allowed are the 12 digits of an AWS account id.");
        }

        var key = Text(item, "kmsKey", at) ?? "";
        if (key.StartsWith("arn:", StringComparison.Ordinal) && key.Split(':') is { Length: >= 6 } parts && parts[3] != region)
        {
            Problems.Add($"{at}.kmsKey is '{key}', a key of Region '{parts[3]}'; a copy to '{region}' needs a key of '{region}', since KMS keys are Regional.");
        }

        return new CopyTarget(region, account, key, Text(item, "subnetGroup", at, required: false), Texts(item, "securityGroups", at));
    }

    private Retention Retention(JsonElement? item, string at)
    {
        if (item is not { } retention || !Object(retention, at, "daily", "weekly", "monthly", "yearly"))
        {
            return new Retention(0, 0, 0, 0);
        }

        return new Retention(
            Number(retention, "daily", at, 1, 366), Number(retention, "weekly", at, 0, 520, 0),
            Number(retention, "monthly", at, 0, 120, 0), Number(retention, "yearly", at, 0, 100, 0));
    }

    private ProofRule Proof(JsonElement? item, string at) =>
        item is { } proof && Object(proof, at, "everyDays") ? new ProofRule(Number(proof, "everyDays", at, 1, 366)) : new ProofRule(1);

    private Objectives Objectives(JsonElement? item, string at) =>
        item is { } objectives && Object(objectives, at, "rpoHours", "rtoMinutes")
            ? new Objectives(Number(objectives, "rpoHours", at, 1, 8784), Number(objectives, "rtoMinutes", at, 1, 10080))
            : new Objectives(0, 0);

    private bool Flag(JsonElement item, string field, string at)
    {
        if (item.TryGetProperty(field, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Problems.Add($"{at}.{field} is {value.GetRawText()}; allowed are true and false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private DrillRule? Drill(JsonElement drill, string at) => Object(drill, at, "perNight", "schedule")
        ? new DrillRule(Number(drill, "perNight", at, 1, DrillRule.MostPerNight), Schedule(Child(drill, "schedule", at), $"{at}.schedule"))
        : null;

    private JsonElement? Child(JsonElement item, string field, string at)
    {
        if (item.TryGetProperty(field, out var child))
        {
            return child;
        }

        Problems.Add($"{at}.{field} is missing; it is required.");
        return null;
    }

    private bool Object(JsonElement item, string at, params string[] fields)
    {
        if (!Kind(item, JsonValueKind.Object, at, "an object"))
        {
            return false;
        }

        foreach (var unknown in item.EnumerateObject().Where(p => !fields.Contains(p.Name)))
        {
            Problems.Add($"{at} has the unknown field '{unknown.Name}'; allowed are {string.Join(", ", fields)}.");
        }

        return true;
    }

    private bool Kind(JsonElement item, JsonValueKind kind, string at, string allowed)
    {
        if (item.ValueKind == kind)
        {
            return true;
        }

        Problems.Add($"{at} is {item.GetRawText()}; it must be {allowed}.");
        return false;
    }

    private IEnumerable<JsonElement> Items(JsonElement item, string field, string at, bool required)
    {
        if (!item.TryGetProperty(field, out var list))
        {
            if (required)
            {
                Problems.Add($"{at} is missing; it must be a list with at least one entry.");
            }

            return [];
        }

        if (!Kind(list, JsonValueKind.Array, at, "a list"))
        {
            return [];
        }

        if (required && list.GetArrayLength() == 0)
        {
            Problems.Add($"{at} is empty; it must have at least one entry.");
        }

        return list.EnumerateArray();
    }

    private List<string> Texts(JsonElement item, string field, string at) =>
        [.. Items(item, field, $"{at}.{field}", required: false).Where(x => Kind(x, JsonValueKind.String, $"{at}.{field}[]", "a text")).Select(x => x.GetString()!)];

    private string? Text(JsonElement item, string field, string at, bool required = true)
    {
        if (!item.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (required)
            {
                Problems.Add($"{at}.{field} is missing; it is required.");
            }

            return null;
        }

        if (!Kind(value, JsonValueKind.String, $"{at}.{field}", "a text"))
        {
            return null;
        }

        if (value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Problems.Add($"{at}.{field} is empty; it must be a text.");
        return null;
    }

    private int Number(JsonElement item, string field, string at, int least, int most, int? otherwise = null)
    {
        if (!item.TryGetProperty(field, out var value))
        {
            if (otherwise is null)
            {
                Problems.Add($"{at}.{field} is missing; allowed are {least} to {most}.");
            }

            return otherwise ?? least;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problems.Add($"{at}.{field} is {value.GetRawText()}; allowed are whole numbers from {least} to {most}.");
        return least;
    }

    [GeneratedRegex("^[a-z](-?[a-z0-9]){0,19}$")]
    private static partial Regex PolicyName();

    [GeneratedRegex(@"^(cron\(\S+( \S+){5}\)|rate\([1-9][0-9]* (minutes?|hours?|days?)\))$")]
    private static partial Regex Cron();

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex AccountId();
}
