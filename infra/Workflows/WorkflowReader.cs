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
            var functions = new SortedDictionary<string, FunctionSpec>(StringComparer.Ordinal);
            States(document.RootElement, fileName, catalog, functions);
            // Written out again, so that the template does not change with the file's layout.
            return new Workflow(fileName[..^Extension.Length], JsonSerializer.Serialize(document.RootElement, Compact), [.. functions.Values]);
        }
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The states of a machine, and of the machines inside its Map and Parallel states.</summary>
    private static void States(JsonElement machine, string fileName, FunctionCatalog catalog, SortedDictionary<string, FunctionSpec> functions)
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
                        States(field.Value, fileName, catalog, functions);
                        break;
                    case "Branches":
                        foreach (var branch in field.Value.EnumerateArray())
                        {
                            States(branch, fileName, catalog, functions);
                        }

                        break;
                    case "Resource" when !Resources.Contains(field.Value.GetString()):
                        throw new SynthesisException(
                            $"{where}: Resource is \"{field.Value.GetString()}\"; allowed are {string.Join(" and ", Resources)}, from which the role's permissions follow.");
                    default:
                        Placeholders(field.Value, where, catalog, functions);
                        break;
                }
            }

            if (state.Value.TryGetProperty("Resource", out _))
            {
                CheckFunctionName(state.Value, where);
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

    private static void Placeholders(JsonElement value, string where, FunctionCatalog catalog, SortedDictionary<string, FunctionSpec> functions)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    Placeholders(field.Value, where, catalog, functions);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Placeholders(item, where, catalog, functions);
                }

                break;
            case JsonValueKind.String:
                foreach (Match placeholder in Placeholder().Matches(value.GetString()!))
                {
                    var name = placeholder.Groups[1].Value;
                    functions[name] = catalog.Find(name) ?? throw new SynthesisException(
                        $"{where}: ${{{name}}} is no function; allowed are {string.Join(", ", catalog.Functions.Select(f => f.ClassName))}.");
                }

                break;
        }
    }

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\$\{[A-Za-z0-9]+\}$")]
    private static partial Regex WholePlaceholder();
}
