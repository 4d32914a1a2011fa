using Amazon.DynamoDBv2;

namespace Dbre.Functions.Core;

/// <summary>
/// The one DynamoDB table: runs, locks, copy slots, the backup catalog and the evidence head. Every write is conditional.
/// One partial class per question: <c>Locks</c>, <c>CopySlots</c>, <c>Catalog</c>, <c>Runs</c>.
/// </summary>
/// <param name="table">Its name; keys are the texts <c>pk</c> and <c>sk</c>.</param>
/// <param name="mayAct">Whether an operation may act, given the lock it took and the lock as it is now: <see cref="IsHolder"/> when none is given.</param>
public sealed partial class Ledger(IAmazonDynamoDB dynamo, string table, TimeProvider clock, Func<DatabaseLock, DatabaseLock?, bool>? mayAct = null)
{
    private string Now => Instant.Write(clock.GetUtcNow());
}
