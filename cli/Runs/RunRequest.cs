using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Functions.Core.Policies;
using Dbre.Functions.Restore;

namespace Dbre.Cli.Runs;

/// <summary>What was given to <c>dbre run</c>; what was not is null.</summary>
internal sealed record RunGiven(
    string? Policy = null, string? Policies = null, string? At = null, string? Input = null,
    string? Source = null, string? To = null, string? As = null, string? Purpose = null, string? Expected = null, string? Class = null,
    string? Region = null, string? SubnetGroup = null, string? SecurityGroups = null);

/// <summary>What was given becomes a run: checked here, so that a mistake costs no call.</summary>
internal static class RunRequest
{
    private const string UsualPolicies = "config/policies.json";
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };
    private static readonly string[] OfDatabases = ["--class", "--region", "--subnet-group", "--security-groups"];
    private static readonly string[] Fields = ["policy", "policies", "scheduledTime"];

    private static readonly string[] Times =
        ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.fffzzz"];

    /// <exception cref="BadInputException">Every problem that was found.</exception>
    public static IRun Read(string flow, RunGiven given, Surroundings here)
    {
        var problems = new List<string>();
        IRun? run = (flow, given.Input) switch
        {
            (Flow.CleanUp, _) => CleanUp(given, here, problems),
            (Flow.PitrRestore, _) => Restore(flow, "dbre-plan-restore", given, here, problems),
            (Flow.TableRestore, _) => Restore(flow, "dbre-plan-table-restore", given, here, problems),
            (_, null) => OfOptions(flow, given, here, problems),
            _ => OfInput(flow, given, here, problems),
        };
        if (flow is not (Flow.PitrRestore or Flow.TableRestore))
        {
            problems.AddRange(Of(given, "--source", "--to", "--as", "--purpose", "--expected").Select(g => $"{g.Name} is '{g.Value}', but {flow} {(flow == Flow.RestoreDrill ? "chooses by itself" : "restores nothing")}; it is an option of {Flow.PitrRestore} and {Flow.TableRestore}."));
        }

        if (flow != Flow.PitrRestore)
        {
            problems.AddRange(Of(given, OfDatabases).Select(g => $"{g.Name} is '{g.Value}', but {flow} restores no RDS database that it could be given to; it is an option of {Flow.PitrRestore}."));
        }

        return problems.Count == 0 ? run! : throw new BadInputException(problems);
    }

    private static CleanUpRun CleanUp(RunGiven given, Surroundings here, List<string> problems)
    {
        problems.AddRange(Of(given, "--policy", "--policies", "--input").Select(g => $"{g.Name} is '{g.Value}', but clean-up finds by itself what there is to do; allowed is --at."));
        return new CleanUpRun(Time("--at", given.At, here.Clock, problems));
    }

    private static RestoreRun? Restore(string flow, string planner, RunGiven given, Surroundings here, List<string> problems)
    {
        problems.AddRange(Of(given, "--policy", "--policies", "--input").Select(g => $"{g.Name} is '{g.Value}', but {flow} goes by no policy; allowed are --source, --to, --as, --purpose, --expected{(flow == Flow.PitrRestore ? string.Concat(OfDatabases.Select(o => $", {o}")) : "")} and --at."));
        foreach (var needed in new (string Name, string? Value)[] { ("--source", given.Source), ("--to", given.To), ("--as", given.As) }.Where(needed => needed.Value is null))
        {
            problems.Add($"{needed.Name} is not given; a restore needs --source NAME, --to TIME and --as NAME.");
        }

        var expected = given.Expected is { } file ? Json("--expected", file, here.PathOf(file), problems) : null;
        var input = new JsonObject { ["source"] = given.Source, ["to"] = given.To, ["as"] = given.As, ["purpose"] = given.Purpose ?? "beside" };
        if (expected is not null)
        {
            input["expected"] = expected;
        }

        foreach (var (field, value) in new (string, JsonNode?)[]
        {
            ("instanceClass", given.Class), ("region", given.Region), ("subnetGroup", given.SubnetGroup),
            ("securityGroups", given.SecurityGroups is { } groups ? new JsonArray([.. groups.Split(',', StringSplitOptions.TrimEntries).Select(g => JsonValue.Create(g))]) : null),
        }.Where(f => f.Item2 is not null))
        {
            input[field] = value;
        }

        // What can be seen to be wrong without asking AWS is told before it is asked.
        if (problems.Count == 0)
        {
            var whole = input.DeepClone().AsObject();
            whole["requestedBy"] = "nobody yet";
            RestoreInput.Read(JsonSerializer.SerializeToElement(whole), problems);
        }

        return new RestoreRun(flow, planner, input, Time("--at", given.At, here.Clock, problems));
    }

    private static PolicyRun? OfOptions(string flow, RunGiven given, Surroundings here, List<string> problems)
    {
        var scheduled = Time("--at", given.At, here.Clock, problems);

        // The deployed policies are the project's, wherever the caller stands; a file that is named is the caller's.
        var file = Json("--policies", given.Policies ?? UsualPolicies, given.Policies is null ? Path.GetFullPath(UsualPolicies) : here.PathOf(given.Policies), problems);
        return file is null ? null : Checked(flow, given.Policy, "--policy", file, given.Policies ?? UsualPolicies, scheduled, problems);
    }

    private static PolicyRun? OfInput(string flow, RunGiven given, Surroundings here, List<string> problems)
    {
        problems.AddRange(Of(given, "--policy", "--policies", "--at").Select(g => $"{g.Name} is '{g.Value}' beside --input; allowed is one or the other, since the input holds {string.Join(", ", Fields)}."));
        if (Json("--input", given.Input!, here.PathOf(given.Input!), problems) is not { } node)
        {
            return null;
        }

        if (node is not JsonObject input)
        {
            problems.Add($"--input '{given.Input}' is no JSON object; allowed is an object with {string.Join(", ", Fields)}.");
            return null;
        }

        problems.AddRange(input.Where(f => !Fields.Contains(f.Key)).Select(f => $"--input '{given.Input}' has the unknown field '{f.Key}'; allowed are {string.Join(", ", Fields)}."));
        var scheduled = Time("scheduledTime", Text(input, "scheduledTime", given.Input!, problems), here.Clock, problems);
        var policy = Text(input, "policy", given.Input!, problems);
        if (input["policies"] is { } policies)
        {
            return Checked(flow, policy, "policy", policies, given.Input!, scheduled, problems);
        }

        problems.Add($"--input '{given.Input}' has no field 'policies'; it must hold what a policy file holds.");
        return null;
    }

    private static IEnumerable<(string Name, string Value)> Of(RunGiven given, params IReadOnlyList<string> names) =>
        new (string Name, string? Value)[] { ("--policy", given.Policy), ("--policies", given.Policies), ("--at", given.At), ("--input", given.Input),
            ("--source", given.Source), ("--to", given.To), ("--as", given.As), ("--purpose", given.Purpose), ("--expected", given.Expected), ("--class", given.Class),
            ("--region", given.Region), ("--subnet-group", given.SubnetGroup), ("--security-groups", given.SecurityGroups) }
            .Where(g => g.Value is not null && names.Contains(g.Name)).Select(g => (g.Name, g.Value!));

    private static PolicyRun? Checked(string flow, string? policy, string field, JsonNode policies, string source, DateTimeOffset scheduled, List<string> problems)
    {
        var file = PolicyFile.Parse(policies.ToJsonString());
        problems.AddRange(file.Problems);
        var names = string.Join(", ", file.Policies.Select(p => p.Name));
        var chosen = policy ?? (file.Policies is [var only] ? only.Name : null);
        if (file.Problems.Count == 0 && chosen is null)
        {
            problems.Add($"{field} is not given, and '{source}' has {file.Policies.Count} policies; allowed are {names}.");
        }
        else if (file.Problems.Count == 0 && file.Policies.All(p => p.Name != chosen))
        {
            problems.Add($"{field} is '{chosen}'; allowed {(file.Policies.Count == 1 ? "is" : "are")} {names}, the policies of '{source}'.");
        }

        return problems.Count > 0 ? null : new PolicyRun(flow, chosen!, policies, scheduled);
    }

    private static DateTimeOffset Time(string field, string? given, TimeProvider clock, List<string> problems)
    {
        if (given is null)
        {
            var now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        }

        if (!DateTimeOffset.TryParseExact(given, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            problems.Add($"{field} is '{given}'; allowed is a date and time with its zone, such as 2026-11-21T03:00:00Z or 2026-11-21T04:00:00+01:00.");
        }

        return time.ToUniversalTime();
    }

    private static string? Text(JsonObject input, string field, string source, List<string> problems)
    {
        if (input[field] is not { } value)
        {
            return null;
        }

        if (value is JsonValue text && text.TryGetValue<string>(out var read))
        {
            return read;
        }

        problems.Add($"--input '{source}' has {field} = {value.ToJsonString()}; it must be a text.");
        return null;
    }

    private static JsonNode? Json(string option, string given, string path, List<string> problems)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path), documentOptions: WithComments) is { } read)
            {
                return read;
            }

            problems.Add($"{option} is '{given}', which holds null; it must hold a JSON object.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{option} is '{given}', which cannot be read ({Why(unreadable)}); give the path of a JSON file such as {UsualPolicies}.");
        }
        catch (JsonException notJson)
        {
            problems.Add($"{option} is '{given}', which is not JSON: {notJson.Message}");
        }

        return null;
    }

    private static string Why(Exception unreadable) => unreadable switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied, or a folder",
        _ => unreadable.Message,
    };
}
