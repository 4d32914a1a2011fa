using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <content>The fields that only a Map in Distributed mode has.</content>
internal sealed partial class StateParser
{
    public const string ReaderResource = "arn:aws:states:::s3:getObject";
    public const string WriterResource = "arn:aws:states:::s3:putObject";

    // AWS Step Functions Developer Guide, "Distributed mode", Label.
    private const int LongestLabel = 40;
    private const string NotInLabels = "?*<>{}[]:;,\\|^~$#%&`\"/";

    private static readonly string[] OnlyDistributed =
        ["ItemReader", "ResultWriter", "Label", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "ToleratedFailureCount", "ToleratedFailureCountPath"];

    private readonly HashSet<string> labels = new(StringComparer.Ordinal);

    private static bool IsDistributed(string name, Fields processor)
    {
        if (processor.Object("ProcessorConfig") is not { } given)
        {
            return false;
        }

        var config = new Fields(given, $"State '{name}', ProcessorConfig");
        var mode = config.Text("Mode") ?? "INLINE";
        if (mode is not ("INLINE" or "DISTRIBUTED"))
        {
            throw config.Wrong("Mode", $"is '{mode}'; allowed are INLINE and DISTRIBUTED");
        }

        var type = config.Text("ExecutionType");
        if (mode == "DISTRIBUTED" ? type != "STANDARD" : type is not null)
        {
            throw config.Wrong("ExecutionType", $"is '{type}'; {(mode == "DISTRIBUTED" ? "this engine runs STANDARD" : "it belongs to the mode DISTRIBUTED")}");
        }

        config.RefuseOthers();
        return mode == "DISTRIBUTED";
    }

    private DistributedMode Distributed(string name, Fields f, JsonObject processor)
    {
        var label = f.Text("Label") ?? Generated(name);
        if (label.Length is 0 or > LongestLabel || label.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || NotInLabels.Contains(c, StringComparison.Ordinal)))
        {
            throw f.Wrong("Label", $"is '{label}'; allowed are 1 to {LongestLabel} characters, without spaces and {NotInLabels}");
        }

        if (!labels.Add(label))
        {
            throw f.Wrong("Label", $"is '{label}', which another Map has; each needs one of its own");
        }

        if (f.Has("ItemReader") && f.Has("ItemsPath"))
        {
            throw f.Wrong("ItemReader", "and ItemsPath cannot both be given");
        }

        foreach (var field in new[] { "ToleratedFailurePercentage", "ToleratedFailureCount" }.Where(field => f.Has(field) && f.Has($"{field}Path")))
        {
            throw f.Wrong(field, $"and {field}Path cannot both be given");
        }

        var tolerance = new Tolerance(
            f.Number("ToleratedFailurePercentage", most: 100), f.SinglePath("ToleratedFailurePercentagePath"),
            f.Integer("ToleratedFailureCount"), f.SinglePath("ToleratedFailureCountPath"));
        return new DistributedMode(label, processor.ToJsonString(), Reader(name, f), tolerance, Writer(name, f));
    }

    private static ItemReader? Reader(string name, Fields f)
    {
        if (f.Object("ItemReader") is not { } given)
        {
            return null;
        }

        var r = new Fields(given, $"State '{name}', ItemReader");
        Resource(r, ReaderResource);
        var config = new Fields(r.Object("ReaderConfig") ?? throw r.Wrong("ReaderConfig", "is missing"), $"State '{name}', ReaderConfig");
        if (config.RequiredText("InputType") is var type && type != "JSON")
        {
            throw config.Wrong("InputType", $"is '{type}'; this engine reads JSON");
        }

        var most = config.Integer("MaxItems", least: 1);
        config.RefuseOthers();
        var parameters = Parameters(r, ["Bucket", "Key"]);
        r.RefuseOthers();
        return new ItemReader(parameters, (int?)most);
    }

    private static PayloadTemplate? Writer(string name, Fields f)
    {
        if (f.Object("ResultWriter") is not { } given)
        {
            return null;
        }

        var w = new Fields(given, $"State '{name}', ResultWriter");
        Resource(w, WriterResource);
        var parameters = Parameters(w, ["Bucket", "Prefix"]);
        w.RefuseOthers();
        return parameters;
    }

    private static void Resource(Fields f, string allowed)
    {
        if (f.RequiredText("Resource") is var resource && resource != allowed)
        {
            throw f.Wrong("Resource", $"is '{resource}'; this engine runs {allowed}");
        }
    }

    private static PayloadTemplate Parameters(Fields f, string[] names)
    {
        var given = f.Object("Parameters") ?? throw f.Wrong("Parameters", "is missing");
        var known = given.Select(p => p.Key.EndsWith(".$", StringComparison.Ordinal) ? p.Key[..^2] : p.Key).ToList();
        if (known.FirstOrDefault(n => !names.Contains(n)) is { } unknown)
        {
            throw f.Wrong("Parameters", $"has '{unknown}', which this engine does not run; it knows {string.Join(" and ", names)}");
        }

        return names.FirstOrDefault(n => !known.Contains(n)) is { } missing ? throw f.Wrong("Parameters", $"has no {missing}") : f.Template("Parameters")!;
    }

    private static void RefuseDistributedFields(Fields f)
    {
        if (OnlyDistributed.FirstOrDefault(f.Has) is { } field)
        {
            throw f.Wrong(field, "belongs to the mode DISTRIBUTED of ProcessorConfig");
        }
    }

    /// <summary>Step Functions makes one up; here it follows from the state's name, so that a run replays.</summary>
    private static string Generated(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..32];
}
