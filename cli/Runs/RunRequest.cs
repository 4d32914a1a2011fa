using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Policies;

namespace Dbre.Cli.Runs;

/// <summary>What was given to <c>dbre run</c>; what was not is null.</summary>
internal sealed record RunGiven(string? Policy, string? Policies, string? At, string? Input);

/// <summary>What a run of <c>snapshot-copy</c> is asked for with: checked here, so that a mistake costs no call.</summary>
/// <param name="Payload">As the schedule would give it to <c>dbre-start-nightly-run</c>.</param>
internal sealed record RunRequest(string Policy, DateTimeOffset Scheduled, string Payload)
{
    private const string UsualPolicies = "config/policies.json";
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };
    private static readonly string[] Fields = ["policy", "policies", "scheduledTime"];

    private static readonly string[] Times =
        ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.fffzzz"];

    /// <exception cref="BadInputException">Every problem that was found.</exception>
    public static RunRequest Read(RunGiven given, Surroundings here)
    {
        var problems = new List<string>();
        var request = given.Input is null ? OfOptions(given, here, problems) : OfInput(given, here, problems);
        return problems.Count == 0 ? request! : throw new BadInputException(problems);
    }

    private static RunRequest? OfOptions(RunGiven given, Surroundings here, List<string> problems)
    {
        var scheduled = Time("--at", given.At, here.Clock, problems);

        // The deployed policies are the project's, wherever the caller stands; a file that is named is the caller's.
        var file = Json("--policies", given.Policies ?? UsualPolicies, given.Policies is null ? Path.GetFullPath(UsualPolicies) : here.PathOf(given.Policies), problems);
        return file is null ? null : Checked(given.Policy, "--policy", file, given.Policies ?? UsualPolicies, scheduled, problems);
    }

    private static RunRequest? OfInput(RunGiven given, Surroundings here, List<string> problems)
    {
        foreach (var (name, value) in ((string, string?)[])[("--policy", given.Policy), ("--policies", given.Policies), ("--at", given.At)])
        {
            if (value is not null)
            {
                problems.Add($"{name} is '{value}' beside --input; allowed is one or the other, since the input holds {string.Join(", ", Fields)}.");
            }
        }

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
            return Checked(policy, "policy", policies, given.Input!, scheduled, problems);
        }

        problems.Add($"--input '{given.Input}' has no field 'policies'; it must hold what a policy file holds.");
        return null;
    }

    private static RunRequest? Checked(string? policy, string field, JsonNode policies, string source, DateTimeOffset scheduled, List<string> problems)
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

        return problems.Count > 0 ? null : new RunRequest(
            chosen!, scheduled, new JsonObject { ["policy"] = chosen, ["policies"] = policies.DeepClone(), ["scheduledTime"] = Instant.Write(scheduled) }.ToJsonString());
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
