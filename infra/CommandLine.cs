using System.Text.Json;

namespace Dbre.Infra;

/// <summary>What the app was asked to do: synthesize, or rewrite <c>template.yaml</c>.</summary>
/// <param name="Template">The word <c>template</c> was given.</param>
/// <param name="Context">From <c>-c key=value</c>.</param>
public sealed record CommandLine(bool Template, IReadOnlyDictionary<string, string> Context)
{
    /// <exception cref="SynthesisException">An argument is not known.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var template = false;
        var context = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "template":
                    template = true;
                    break;
                case "-c" or "--context" when i + 1 < args.Count && args[i + 1].Split('=', 2) is [var key, var value]:
                    context[key] = value;
                    i++;
                    break;
                default:
                    throw new SynthesisException($"The argument '{args[i]}' is not known; allowed are template and -c key=value.");
            }
        }

        return new CommandLine(template, context);
    }

    /// <summary>The folder of <c>cdk.json</c>, here or above.</summary>
    public static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdk.json")))
            {
                return folder.FullName;
            }
        }

        throw new SynthesisException($"No cdk.json in {from} or above it.");
    }

    /// <summary>The context of <c>cdk.json</c>, then what the CDK CLI hands over, then what the command line says: the last one holds.</summary>
    public static IReadOnlyDictionary<string, string> ReadContext(string root, IReadOnlyDictionary<string, string> given)
    {
        var context = new Dictionary<string, string>(StringComparer.Ordinal);
        using var cdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "cdk.json")));
        Add(cdk.RootElement.GetProperty("context"));
        if (Environment.GetEnvironmentVariable("CDK_CONTEXT_JSON") is { Length: > 0 } fromCli)
        {
            using var document = JsonDocument.Parse(fromCli);
            Add(document.RootElement);
        }

        foreach (var (key, value) in given)
        {
            context[key] = value;
        }

        return context;

        void Add(JsonElement values)
        {
            foreach (var value in values.EnumerateObject())
            {
                context[value.Name] = value.Value.ToString();
            }
        }
    }
}
