using System.Text.Json;
using System.Text.RegularExpressions;

using Dbre.Infra.Catalog;

namespace Dbre.Infra.Workflows;

/// <summary>Reads the ASL files. A placeholder or a task that the role cannot be derived from is refused with its file and state.</summary>
public static partial class WorkflowReader
{
    private const string Extension = ".asl.json";

    // The service integrations whose permissions follow from the placeholder in FunctionName.
    private static readonly IReadOnlyList<string> Resources = ["arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken"];

    /// <summary>Every <c>*.asl.json</c> of a folder, in the order of their names.</summary>
    /// <exception cref="SynthesisException">A file is not ASL that can be deployed.</exception>
    public static IReadOnlyList<Workflow> ReadFolder(string folder, FunctionCatalog catalog) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
            .Select(file => Read(Path.GetFileName(file), File.ReadAllText(file), catalog))];

    public static Workflow Read(string fileName, string asl, FunctionCatalog catalog)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(asl);
        }
        catch (JsonException notJson)
        {
            throw new SynthesisException($"{fileName}: is not JSON: {notJson.Message}");
        }

        using (document)
        {
            var found = new Found(catalog);
            States(document.RootElement, fileName, found);
            // Written out again, so that the template does not change with the file's layout.
            return new Workflow(fileName[..^Extension.Length], JsonSerializer.Serialize(document.RootElement, Compact), [.. found.Functions.Values], found.Maps);
        }
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The states of a machine, and of the machines inside its Map and Parallel states.</summary>
    private static void States(JsonElement machine, string fileName, Found found)
    {
        if (machine.ValueKind != JsonValueKind.Object || !machine.TryGetProperty("States", out var states))
        {
            throw new SynthesisException($"{fileName}: has no States; a state machine needs them.");
        }

        foreach (var state in states.EnumerateObject())
        {
            var where = $"{fileName}, state \"{state.Name}\"";
            foreach (var field in state.Value.EnumerateObject())
            {
                switch (field.Name)
                {
                    case "ItemProcessor" or "Iterator":
                        States(field.Value, fileName, found);
                        break;
                    case "ItemReader" or "ResultWriter":
                        // Read below, as parts of a Distributed Map.
                        break;
                    case "Branches":
                        foreach (var branch in field.Value.EnumerateArray())
                        {
                            States(branch, fileName, found);
                        }

                        break;
                    case "Resource" when !Resources.Contains(field.Value.GetString()):
                        throw new SynthesisException(
                            $"{where}: Resource is \"{field.Value.GetString()}\"; allowed are {string.Join(" and ", Resources)}, from which the role's permissions follow.");
                    default:
                        Placeholders(field.Value, where, found);
                        break;
                }
            }

            if (state.Value.TryGetProperty("Resource", out _))
            {
                CheckFunctionName(state.Value, where);
            }

            if (DistributedMapReader.Read(state.Value, where) is { } map)
            {
                found.Maps.Add(map);
            }
        }
    }

    private static void CheckFunctionName(JsonElement task, string where)
    {
        var name = task.TryGetProperty("Parameters", out var parameters) && parameters.TryGetProperty("FunctionName", out var given) ? given.GetString() : null;
        if (name is null || !WholePlaceholder().IsMatch(name))
        {
            throw new SynthesisException($"{where}: FunctionName is \"{name}\"; it must be ${{ClassName}} of a function and nothing else.");
        }
    }

    private static void Placeholders(JsonElement value, string where, Found found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    Placeholders(field.Value, where, found);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Placeholders(item, where, found);
                }

                break;
            case JsonValueKind.String:
                foreach (Match placeholder in Placeholder().Matches(value.GetString()!))
                {
                    var name = placeholder.Groups[1].Value;
                    found.Functions[name] = found.Catalog.Find(name) ?? throw new SynthesisException(
                        $"{where}: ${{{name}}} is no function; allowed are {string.Join(", ", found.Catalog.Functions.Select(f => f.ClassName))}.");
                }

                break;
        }
    }

    private sealed record Found(FunctionCatalog Catalog)
    {
        public SortedDictionary<string, FunctionSpec> Functions { get; } = new(StringComparer.Ordinal);

        public List<DistributedMap> Maps { get; } = [];
    }

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\$\{[A-Za-z0-9]+\}$")]
    private static partial Regex WholePlaceholder();
}
