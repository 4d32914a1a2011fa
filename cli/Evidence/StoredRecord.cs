using System.Text.Json.Nodes;

using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Evidence;

/// <summary>An evidence document and where it was found.</summary>
/// <param name="Key">The object's key in the bucket.</param>
internal sealed record StoredRecord(string Key, JsonObject Document)
{
    public string Operation => Text("operationId");

    public string Hash => Text("hash");

    public string PreviousHash => Text("previousHash");

    public string EndedAt => Text("endedAt");

    /// <summary>The hash that its content has now.</summary>
    public string ContentHash => EvidenceStore.Hash(Document);

    private string Text(string field) => Document[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
