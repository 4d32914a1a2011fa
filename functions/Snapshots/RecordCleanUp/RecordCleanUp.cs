using System.Text.Json.Nodes;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Failure">What ended the clean-up; null when nothing did.</param>
public sealed record RecordCleanUpRequest(string OperationId, string StartedAt, IReadOnlyList<string>? Recorded, IReadOnlyList<string>? Removed, IReadOnlyList<string>? Returned, Failure? Failure);

/// <summary>The clean-up's own evidence: which runs had left no record, what was removed after them, and which names were given back.</summary>
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class RecordCleanUp(EvidenceStore evidence, TimeProvider clock)
{
    private const string Automation = "clean-up";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<WrittenEvidence> Handle(RecordCleanUpRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (recorded, removed, returned) = (request.Recorded ?? [], request.Removed ?? [], request.Returned ?? []);
        var outcome = request.Failure is null ? RunOutcome.Succeeded : RunOutcome.Failed;
        var reason = request.Failure?.Sentence() ?? $"{Plural.Of(recorded.Count, "run", "runs")} had left no record, {Plural.Of(removed.Count, "leftover was", "leftovers were")} removed, {Plural.Of(returned.Count, "name was", "names were")} given back.";
        var record = new JsonObject
        {
            ["automation"] = Automation,
            ["operationId"] = request.OperationId,
            ["outcome"] = outcome.ToString(),
            ["reason"] = reason,
            ["startedAt"] = Instant.Write(Instant.Read(request.StartedAt)),
            ["endedAt"] = Instant.Write(clock.GetUtcNow()),
            ["inputs"] = new JsonObject(),
            ["steps"] = new JsonArray(),
            ["measured"] = new JsonObject
            {
                ["recorded"] = new JsonArray([.. recorded.Select(r => JsonValue.Create(r))]),
                ["removed"] = new JsonArray([.. removed.Select(r => JsonValue.Create(r))]),
                ["returned"] = new JsonArray([.. returned.Select(r => JsonValue.Create(r))]),
            },
        };
        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WrittenEvidence(outcome, reason, hash, key);
    }
}
