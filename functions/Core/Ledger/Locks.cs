using System.Globalization;

using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Core;

/// <summary>Who holds a database, and the fencing token of that hold: it only grows, so an act under an older one is known to be stale.</summary>
public sealed record DatabaseLock(string Database, string Holder, long Token);

/// <summary>Another operation took the database over since: this one must not act on it any more.</summary>
public sealed class StaleLockException(string message) : Exception(message);

/// <summary>Safety rule 2: one operation per database at a time.</summary>
public sealed partial class Ledger
{
    /// <summary>The present hold; <see cref="DatabaseLock.Holder"/> is empty when nobody holds it, and null is returned when nobody ever did.</summary>
    public async Task<DatabaseLock?> ReadLock(string database, CancellationToken stop)
    {
        var item = (await dynamo.GetItemAsync(new GetItemRequest { TableName = table, Key = LockKey(database), ConsistentRead = true }, stop).ConfigureAwait(false)).Item;
        return item is null or { Count: 0 } ? null : new DatabaseLock(database, item["holder"].S, long.Parse(item["token"].N, CultureInfo.InvariantCulture));
    }

    /// <summary>Takes the lock from the state that was read, with the next token; null when somebody else was faster.</summary>
    public async Task<DatabaseLock?> TakeLock(string database, string holder, DatabaseLock? seen, CancellationToken stop)
    {
        var token = (seen?.Token ?? 0) + 1;
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = LockKey(database),
                    UpdateExpression = "SET #holder = :holder, #token = :token, #since = :now",
                    ConditionExpression = seen is null ? "attribute_not_exists(pk)" : "#token = :seen",
                    ExpressionAttributeNames = new() { ["#holder"] = "holder", ["#token"] = "token", ["#since"] = "since" },
                    ExpressionAttributeValues = seen is null
                        ? new() { [":holder"] = new(holder), [":token"] = Number(token), [":now"] = new(Now) }
                        : new() { [":holder"] = new(holder), [":token"] = Number(token), [":now"] = new(Now), [":seen"] = Number(seen.Token) },
                },
                stop).ConfigureAwait(false);
            return new DatabaseLock(database, holder, token);
        }
        catch (ConditionalCheckFailedException)
        {
            return null;
        }
    }

    /// <summary>Gives the lock back. A lock that went to somebody else since is left to them.</summary>
    public async Task ReleaseLock(DatabaseLock held, CancellationToken stop)
    {
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = LockKey(held.Database),
                    UpdateExpression = "SET #holder = :nobody",
                    ConditionExpression = "#token = :token",
                    ExpressionAttributeNames = new() { ["#holder"] = "holder", ["#token"] = "token" },
                    ExpressionAttributeValues = new() { [":nobody"] = new(""), [":token"] = Number(held.Token) },
                },
                stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // The next holder's token is larger: nothing of ours is left to give back.
        }
    }

    /// <summary>Every act on a database asks this first.</summary>
    /// <exception cref="StaleLockException">The database went to another operation, or was given back.</exception>
    public async Task RequireCurrent(DatabaseLock held, CancellationToken stop)
    {
        var now = await ReadLock(held.Database, stop).ConfigureAwait(false);
        if (!(mayAct ?? IsHolder)(held, now))
        {
            throw new StaleLockException(
                $"Database '{held.Database}' is no longer held by '{held.Holder}' (token {held.Token}); the ledger says '{now?.Holder}' (token {now?.Token}). Nothing was changed.");
        }
    }

    /// <summary>The lock is the very one that was taken.</summary>
    public static bool IsHolder(DatabaseLock held, DatabaseLock? now) => now is not null && now.Token == held.Token && now.Holder == held.Holder;

    private static Dictionary<string, AttributeValue> LockKey(string database) => Key($"database#{database}", "lock");

    private static Dictionary<string, AttributeValue> Key(string partition, string sort) => new() { ["pk"] = new(partition), ["sk"] = new(sort) };

    private static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };
}
