using System.Text.Json.Nodes;

using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Safety rule 6: every execution has ended and left one record in an unbroken chain, which says no more than was done.</summary>
internal sealed class EveryExecutionLeavesEvidence(SimulatedCloud cloud, SimulatedFleet fleet) : Invariant("safety rule 6, every execution leaves evidence")
{
    private static readonly string[] Automations = ["snapshot-copy", "restore-drill", "pitr-restore", "table-restore", "clean-up"];

    private static readonly string Bucket = $"dbre-evidence-{SimulatedCloud.Account}-{SimulatedCloud.HomeRegion}";

    private readonly Dictionary<string, int> proofs = new(StringComparer.Ordinal);

    internal override void Done(Services.BegunCall call, Invocation invocation)
    {
        if (call.Request is UpdateItemRequest update && update.UpdateExpression?.Contains("provenAt", StringComparison.Ordinal) == true
            && Truth.Read(invocation.Payload, "operationId")?.GetString() is { } operation)
        {
            proofs[operation] = proofs.GetValueOrDefault(operation) + 1;
        }
    }

    internal override void AtTheEnd()
    {
        foreach (var automation in Automations)
        {
            Check(automation);
        }
    }

    private void Check(string automation)
    {
        var records = Records(automation);
        foreach (var execution in Executions(automation))
        {
            if (execution.Status == ExecutionStatus.RUNNING)
            {
                Violated($"Execution '{execution.Name}' began at {execution.StartDate:O} and has not ended.");
            }
            else if (!records.TryGetValue(execution.Name, out var hash))
            {
                Violated($"Execution '{execution.Name}' is {execution.Status} and left no record.");
            }
            else
            {
                CheckRecord(automation, execution.Name, execution.Status, hash);
            }
        }
    }

    private void CheckRecord(string automation, string operation, ExecutionStatus status, string hash)
    {
        var stored = cloud.World.Service<S3Service>().Read(Bucket, EvidenceStore.KeyOf(automation, operation, hash));
        if (stored is null || JsonNode.Parse(stored.Value.Span) is not JsonObject record)
        {
            Violated($"The record of '{operation}' is in the chain, but not in the bucket.");
            return;
        }

        if (EvidenceStore.Hash(record) != hash)
        {
            Violated($"The record of '{operation}' does not match its hash.");
        }

        // A drill's proofs are not the catalog's.
        var said = automation == "snapshot-copy" ? record["measured"]?["proven"]?.GetValue<int>() ?? 0 : 0;
        if (said > proofs.GetValueOrDefault(operation))
        {
            Violated($"The record of '{operation}' says {said} copies were proven; {proofs.GetValueOrDefault(operation)} were.");
        }

        if (status == ExecutionStatus.SUCCEEDED && (string?)record["outcome"] != "Succeeded")
        {
            Violated($"Execution '{operation}' succeeded, and its record says {record["outcome"]}.");
        }
    }

    /// <summary>The operations in the ledger's chain with the hash of their record.</summary>
    private Dictionary<string, string> Records(string automation)
    {
        var table = TableName();
        var answer = fleet.Do<QueryResponse>("dynamodb", new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk AND begins_with(sk, :record)",
            ExpressionAttributeValues = new() { [":pk"] = new($"evidence#{automation}"), [":record"] = new("record#") },
        });
        var items = answer.Items ?? [];
        CheckChain(automation, items);
        return items.ToDictionary(i => i["operationId"].S, i => i["hash"].S, StringComparer.Ordinal);
    }

    private void CheckChain(string automation, List<Dictionary<string, AttributeValue>> items)
    {
        var next = items.GroupBy(i => i["previousHash"].S).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var (at, length) = ("", 0);
        while (next.TryGetValue(at, out var following))
        {
            (at, length) = (following[0]["hash"].S, length + following.Count);
        }

        if (length != items.Count || next.Values.Any(g => g.Count > 1))
        {
            Violated($"The chain of evidence of {automation} has {items.Count} records, of which {length} hang together.");
        }
    }

    private string TableName() => cloud.World.Service<Services.Lambda.LambdaService>().Functions.Select(f => f.Environment.GetValueOrDefault("LEDGER_TABLE")).First(t => t is not null)!;

    private IEnumerable<ExecutionListItem> Executions(string automation)
    {
        var machine = $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{automation}";
        string? next = null;
        do
        {
            var page = fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = machine, NextToken = next });
            foreach (var execution in page.Executions ?? [])
            {
                yield return execution;
            }

            next = page.NextToken;
        }
        while (next is not null);
    }
}
