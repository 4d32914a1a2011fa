using System.Globalization;

using Amazon.DynamoDBv2.Model;

using Dbre.Lab.Services;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Safety rule 2: who changes something of a database holds its lock at that moment, and tokens only grow.</summary>
internal sealed class OneOperationPerDatabase(SimulatedCloud cloud) : Invariant("safety rule 2, one operation per database")
{
    private static readonly Dictionary<string, string[]> Changes = new(StringComparer.Ordinal)
    {
        ["rds"] = ["Create", "Copy", "Restore", "Delete", "Modify"],
        ["dynamodb"] = ["RestoreTable", "UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups", "TagResource"],
    };

    private readonly Dictionary<string, long> newest = new(StringComparer.Ordinal);

    internal override void Done(BegunCall call, Invocation invocation)
    {
        if (!Changes.GetValueOrDefault(call.Service, []).Any(change => call.Operation.StartsWith(change, StringComparison.Ordinal))
            || Truth.Read(invocation.Payload, "lock") is not { } held)
        {
            return;
        }

        var database = held.GetProperty("database").GetString()!;
        var token = held.GetProperty("token").GetInt64();
        var now = Lock(database, invocation.Function.Environment["LEDGER_TABLE"]);
        if (now is null || now.Value.Token != token)
        {
            Violated($"{call.Operation} for '{database}' under token {token}, while the ledger says {now?.Holder} with token {now?.Token}.");
        }

        if (token < newest.GetValueOrDefault(database))
        {
            Violated($"{call.Operation} for '{database}' under token {token}, after one under token {newest[database]}.");
        }

        newest[database] = Math.Max(token, newest.GetValueOrDefault(database));
    }

    private (string Holder, long Token)? Lock(string database, string table)
    {
        var reader = cloud.World.Iam.ContextForUser($"arn:aws:iam::{SimulatedCloud.Account}:user/engineer", SimulatedCloud.HomeRegion);
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new($"database#{database}"), ["sk"] = new("lock") };

        // It answers at once: DynamoDB's operations run under the world's lock.
        var read = cloud.World.Invoke(reader, "dynamodb", new GetItemRequest { TableName = table, Key = key });
        return ((GetItemResponse)read.GetAwaiter().GetResult()).Item is { Count: > 0 } item
            ? (item["holder"].S, long.Parse(item["token"].N, CultureInfo.InvariantCulture))
            : null;
    }
}
