using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="TableId">The restored table: another one of its name is no proof.</param>
public sealed record ProveTableRequest(string OperationId, TableRestorePlan Plan, string TableId);

/// <param name="Status">Ready when it is proven, Failed when it is not.</param>
/// <param name="Checksum">Of all items, to compare a later restore with; null when they were not read.</param>
public sealed record ProveTableResult(StepStatus Status, string Reason, RestoreProof? Proof, string? Checksum);

/// <summary>Reads every item of the restored table, and compares keys and indexes with the source's, and the items with what a witness wrote down.</summary>
[Allow("dynamodb:DescribeTable", "dynamodb:Scan", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*-restored*")]
[Allow("dynamodb:DescribeTable", "dynamodb:Scan", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/dbre-drill-*")]
[Allow("kms:Decrypt", On = "arn:${Partition}:kms:${Region}:${Account}:key/*")]
public sealed class ProveTable(IAmazonDynamoDB dynamo, TimeProvider clock)
{
    [LambdaFunction(Timeout = 900, MemorySize = 1024)]
    public async Task<ProveTableResult> Handle(ProveTableRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var found = await RestoredTable.Find(dynamo, plan.As, deadline.Token).ConfigureAwait(false);
        if (found?.TableId != request.TableId)
        {
            return new ProveTableResult(StepStatus.Failed, $"'{plan.As}' is {(found is null ? "not there" : "another table")}, so there is nothing to prove.", null, null);
        }

        var measured = await new TableScan(dynamo, plan.As).Measure(plan.Source, deadline.Token).ConfigureAwait(false);
        var proof = Proof(plan, found, measured, clock.GetUtcNow());
        return new ProveTableResult(proof.Proven ? StepStatus.Ready : StepStatus.Failed, proof.Reason, proof, measured.Checksum);
    }

    internal static RestoreProof Proof(TableRestorePlan plan, TableDescription found, TableMeasurement measured, DateTimeOffset now)
    {
        var proof = RestoreProof.Of(plan.Expected, new Measurement("dynamodb", "", now, [measured]), restoredTo: null);
        var missing = plan.Settings.Shape.Count == 0 ? [] : plan.Settings.Shape.Except(TableReader.Shape(found), StringComparer.Ordinal).Select(part => $"'{plan.As}' lacks {part} of '{plan.Source}'.").ToList();
        return missing.Count == 0 ? proof : proof with { Proven = false, Reason = missing[0], Differences = [.. missing, .. proof.Differences] };
    }
}
