using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>A trimmed service model (trim-models.py) as the emitters read it.</summary>
internal sealed class ServiceDefinition
{
    private readonly JsonObject metadata;

    private ServiceDefinition(JsonObject root)
    {
        metadata = root["metadata"]!.AsObject();
        Shapes = root["shapes"]!.AsObject().ToDictionary(s => s.Key, s => new ShapeDefinition(s.Key, s.Value!.AsObject()), StringComparer.Ordinal);
        Operations = [.. root["operations"]!.AsObject().Select(o => new OperationDefinition(o.Key, o.Value!.AsObject()))];
        Paginators = [.. root["pagination"]!.AsObject().Select(p => new PaginatorDefinition(p.Key, p.Value!.AsObject()))];
    }

    public IReadOnlyDictionary<string, ShapeDefinition> Shapes { get; }

    public IReadOnlyList<OperationDefinition> Operations { get; }

    public IReadOnlyList<PaginatorDefinition> Paginators { get; }

    public string ServiceId => Text("serviceId")!;

    public string EndpointPrefix => Text("endpointPrefix")!;

    public string SigningName => Text("signingName") ?? EndpointPrefix;

    public string ApiVersion => Text("apiVersion")!;

    public string Protocol => Text("protocol")!;

    /// <summary>EC2's protocol: requests have other names than responses, and number all lists flatly.</summary>
    public bool SpeaksEc2 => Protocol == "ec2";

    public string? JsonVersion => Text("jsonVersion");

    public string? TargetPrefix => Text("targetPrefix");

    public string? XmlNamespace => Text("xmlNamespace");

    public bool QueryCompatible => metadata["awsQueryCompatible"] is not null;

    public static ServiceDefinition Read(string path) => new(JsonNode.Parse(File.ReadAllText(path))!.AsObject());

    /// <summary>The names of the structures that messages contain, below the requests and responses themselves, each once and in the model's order.</summary>
    public IReadOnlyList<ShapeDefinition> NestedShapes()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var roots = Operations.SelectMany(o => new[] { o.Input, o.Output }).OfType<string>().Select(n => Shapes[n])
            .Concat(Shapes.Values.Where(s => s.IsException));
        foreach (var root in roots)
        {
            foreach (var member in root.Members)
            {
                Reach(member.Shape, reached);
            }
        }

        return [.. Shapes.Values.Where(s => reached.Contains(s.Name))];
    }

    private void Reach(string name, HashSet<string> reached)
    {
        if (!reached.Add(name))
        {
            return;
        }

        var shape = Shapes[name];
        foreach (var part in shape.Members.Select(m => m.Shape).Concat([shape.Item?.Shape, shape.Value?.Shape]).OfType<string>())
        {
            Reach(part, reached);
        }
    }

    private string? Text(string key) => (string?)metadata[key];
}
