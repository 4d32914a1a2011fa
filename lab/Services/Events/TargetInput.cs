using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

using Amazon.EventBridge.Model;

namespace Dbre.Lab.Services.Events;

/// <summary>
/// What a target gets: the event, a part of it, a constant, or a template filled from it
/// (EventBridge User Guide, "Amazon EventBridge input transformation").
/// </summary>
internal sealed partial class TargetInput
{
    private static readonly string[] Predefined =
        ["aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event", "aws.events.event.json"];

    private readonly Func<EventForTarget, string> make;

    private TargetInput(Func<EventForTarget, string> make) => this.make = make;

    /// <exception cref="FormatException">What is wrong, naming the parameter.</exception>
    internal static TargetInput Read(Target target)
    {
        var given = new object?[] { target.Input, target.InputPath, target.InputTransformer }.Count(i => i is not null);
        if (given > 1)
        {
            throw new FormatException($"only one of Input, InputPath and InputTransformer may be given for target {target.Id}");
        }

        if (target.Input is { } constant)
        {
            RequireJson(constant, $"Input of target {target.Id}");
            return new TargetInput(_ => constant);
        }

        if (target.InputPath is { } path)
        {
            var parsed = EventPath.Parse(path);
            return new TargetInput(e => parsed.Select(e.Event)?.GetRawText() ?? throw new FormatException($"the event has nothing at InputPath {path}"));
        }

        return target.InputTransformer is { } transformer ? Template(transformer, target.Id) : new TargetInput(e => e.Event.GetRawText());
    }

    /// <exception cref="FormatException">The event lacks what the target asks for, or the filled template is not JSON.</exception>
    internal string For(EventForTarget published) => make(published);

    private static TargetInput Template(InputTransformer transformer, string target)
    {
        var paths = (transformer.InputPathsMap ?? []).ToDictionary(p => p.Key, p => EventPath.Parse(p.Value), StringComparer.Ordinal);
        var template = transformer.InputTemplate;
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            var name = placeholder.Groups[1].Value;
            if (!paths.ContainsKey(name) && !Predefined.Contains(name))
            {
                throw new FormatException($"InputTemplate of target {target} uses <{name}>, which InputPathsMap does not define");
            }
        }

        // With numbers in all places the template must be JSON: then it is with any value.
        RequireJson(Placeholder().Replace(template, "1"), $"InputTemplate of target {target}");
        return new TargetInput(e => Fill(template, name => Value(name, paths, e)));
    }

    /// <summary>Inside a JSON string a value stands as text, elsewhere as JSON; what the event lacks is empty text.</summary>
    private static string Fill(string template, Func<string, JsonElement?> value)
    {
        var filled = new StringBuilder();
        var (inside, at) = (false, 0);
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            inside = Copy(template.AsSpan(at, placeholder.Index - at), inside, filled);
            at = placeholder.Index + placeholder.Length;
            var found = value(placeholder.Groups[1].Value);
            filled.Append(inside ? Escaped(found) : found?.GetRawText() ?? "\"\"");
        }

        Copy(template.AsSpan(at), inside, filled);
        return filled.ToString();
    }

    private static bool Copy(ReadOnlySpan<char> text, bool inside, StringBuilder to)
    {
        for (var at = 0; at < text.Length; at++)
        {
            inside ^= text[at] == '"' && (at == 0 || text[at - 1] != '\\');
        }

        to.Append(text);
        return inside;
    }

    private static string Escaped(JsonElement? value)
    {
        var text = value is null ? "" : value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()! : value.Value.GetRawText();
        return JsonSerializer.Serialize(text)[1..^1];
    }

    private static JsonElement? Value(string name, Dictionary<string, EventPath> paths, EventForTarget e) => name switch
    {
        "aws.events.rule-arn" => JsonSerializer.SerializeToElement(e.Rule.Arn),
        "aws.events.rule-name" => JsonSerializer.SerializeToElement(e.Rule.Name),
        "aws.events.event.ingestion-time" => JsonSerializer.SerializeToElement(EventEnvelope.Time(e.Ingested)),
        "aws.events.event" or "aws.events.event.json" => e.Event,
        _ => paths[name].Select(e.Event),
    };

    private static void RequireJson(string text, string what)
    {
        try
        {
            using var read = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} is not JSON: {e.Message}");
        }
    }

    [GeneratedRegex("<([A-Za-z0-9_.-]+)>")]
    private static partial Regex Placeholder();
}

/// <summary>An event on its way from a rule to a target.</summary>
internal sealed record EventForTarget(JsonElement Event, DateTimeOffset Ingested, StoredRule Rule);
