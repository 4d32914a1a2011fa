using System.Text.Json;

namespace Dbre.Functions.Core.Policies;

/// <summary>The policy file as read: its policies, or every problem found, each one sentence that names the field, the value and what is allowed.</summary>
public sealed record PolicyFile(IReadOnlyList<Policy> Policies, IReadOnlyList<string> Problems)
{
    /// <summary>Engines whose snapshots RDS copies between Regions and whose rows this project can compare.</summary>
    public static readonly IReadOnlyList<string> Engines = ["postgres", "aurora-postgresql", "mysql", "mariadb", "aurora-mysql"];

    public static PolicyFile Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            return Read(document.RootElement);
        }
        catch (JsonException notJson)
        {
            return new PolicyFile([], [$"The policy file is not JSON: {notJson.Message}"]);
        }
    }

    public static PolicyFile Read(JsonElement root)
    {
        var reader = new PolicyReader();
        var policies = reader.File(root);
        return new PolicyFile(reader.Problems.Count == 0 ? policies : [], reader.Problems);
    }
}
