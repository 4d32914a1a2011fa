using Amazon.DynamoDBv2;

namespace Dbre.Functions.Core;

/// <summary>
/// The one DynamoDB table: runs, locks, copy slots, the backup catalog and the evidence head. Every write is conditional.
/// One partial class per question: <c>Locks</c>, <c>CopySlots</c>, <c>Catalog</c>, <c>Runs</c>.
/// </summary>
/// <param name="table">Its name; keys are the texts <c>pk</c> and <c>sk</c>.</param>
public sealed partial class Ledger(IAmazonDynamoDB dynamo, string table, TimeProvider clock)
{
    private string Now => Instant.Write(clock.GetUtcNow());
}
