using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>A member of a structure, or the item, key or value of a list or map.</summary>
internal sealed class MemberDefinition
{
    /// <summary>Traits that change what is sent; a model with another one is refused, so that none is ever silently dropped.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "shape", "location", "locationName", "queryName", "idempotencyToken", "flattened", "box", "deprecated", "deprecatedMessage", "deprecatedSince", "contextParam",
    };

    public MemberDefinition(string name, JsonObject node, bool required, bool payload)
    {
        if (node.FirstOrDefault(t => !Known.Contains(t.Key)) is { Key: { } unknown })
        {
            throw new InvalidDataException($"The model's member {name} has the trait {unknown}, which the generator does not know.");
        }

        Name = name;
        Shape = (string)node["shape"]!;
        Required = required;
        LocationName = (string?)node["locationName"];
        QueryName = (string?)node["queryName"];
        IdempotencyToken = (bool?)node["idempotencyToken"] == true;
        Location = (string?)node["location"] switch
        {
            null => payload ? "Payload" : "Body",
            "uri" => "Uri",
            "querystring" => "QueryString",
            "header" => "Header",
            "statusCode" => "StatusCode",
            var other => throw new InvalidDataException($"The model's member {name} has the location {other}, which the generator does not know."),
        };
    }

    public string Name { get; }

    /// <summary>The name of the member's shape.</summary>
    public string Shape { get; }

    public bool Required { get; }

    /// <summary>The name on the wire where it is not <see cref="Name"/>.</summary>
    public string? LocationName { get; }

    /// <summary>The name in a request of the EC2 protocol, where the model gives it one of its own.</summary>
    public string? QueryName { get; }

    public bool IdempotencyToken { get; }

    /// <summary>Body, Payload, Uri, QueryString, Header or StatusCode.</summary>
    public string Location { get; }
}
