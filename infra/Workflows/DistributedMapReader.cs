using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dbre.Infra.Workflows;

/// <summary>Reads what a Distributed Map touches in S3, so that the role follows from the ASL. What it cannot derive a permission from it refuses.</summary>
internal static partial class DistributedMapReader
{
    /// <returns>Null when the state is no Distributed Map.</returns>
    public static DistributedMap? Read(JsonElement state, string where)
    {
        var distributed = state.TryGetProperty("ItemProcessor", out var processor) && processor.TryGetProperty("ProcessorConfig", out var config)
            && config.TryGetProperty("Mode", out var mode) && mode.GetString() == "DISTRIBUTED";
        return distributed
            ? new DistributedMap(Text(state, "Label"), Keys(state, "ItemReader", "arn:aws:states:::s3:getObject", "Key", where), Keys(state, "ResultWriter", "arn:aws:states:::s3:putObject", "Prefix", where))
            : null;
    }

    private static string? Keys(JsonElement state, string field, string resource, string key, string where)
    {
        if (!state.TryGetProperty(field, out var part))
        {
            return null;
        }

        if (Text(part, "Resource") is var given && given != resource)
        {
            throw new SynthesisException($"{where}: {field}'s Resource is \"{given}\"; allowed is {resource}, from which the role's permissions follow.");
        }

        var parameters = part.TryGetProperty("Parameters", out var found) ? found : default;
        if (Text(parameters, "Bucket") is var bucket && bucket != $"${{{DistributedMap.Bucket}}}")
        {
            throw new SynthesisException($"{where}: {field}'s Bucket is \"{bucket}\"; it must be ${{{DistributedMap.Bucket}}}, the bucket of runs' files.");
        }

        // Fixed, or made from the execution's name: then the permission has a * in its place.
        var keys = Text(parameters, key) ?? (Text(parameters, key + ".$") is { } made && Format().Match(made) is { Success: true } format
            ? format.Groups[1].Value.Replace("{}", "*", StringComparison.Ordinal)
            : null);
        return keys ?? throw new SynthesisException(
            $"{where}: {field}'s {key}.$ is \"{Text(parameters, key + ".$")}\"; it must be States.Format('runs/{{}}/…', $$.Execution.Name), from which the role's permissions follow.");
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"^States\.Format\('(runs/\{\}/[a-z./-]+)', \$\$\.Execution\.Name\)$")]
    private static partial Regex Format();
}
