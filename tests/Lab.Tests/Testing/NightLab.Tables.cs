using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Tests.Testing;

/// <content>DynamoDB tables and their restores.</content>
public sealed partial class NightLab
{
    public IAmazonDynamoDB Tables() => new AmazonDynamoDBClient(Operator(Account), At<AmazonDynamoDBConfig>(Region));

    /// <summary>A table that can be restored to each second from now on.</summary>
    public async Task Table(string name)
    {
        using var tables = Tables();
        await tables.CreateTableAsync(new CreateTableRequest { TableName = name, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("id", "S")], KeySchema = [new("id", "HASH")] });
        await tables.UpdateContinuousBackupsAsync(new UpdateContinuousBackupsRequest { TableName = name, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } });
    }

    /// <summary>The second that ends next, once it has ended.</summary>
    public static async Task<DateTimeOffset> NextSecond()
    {
        var now = TimeProvider.System.GetUtcNow();
        var next = now.AddTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
        await Until(() => Task.FromResult(TimeProvider.System.GetUtcNow() > next ? "" : null), $"The second {next:O}");
        return next;
    }

    /// <summary>Waits until a table can be restored to a second.</summary>
    public async Task Restorable(string name, DateTimeOffset second)
    {
        using var tables = Tables();
        await Until(
            async () => (await tables.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = name })).ContinuousBackupsDescription.PointInTimeRecoveryDescription is var window
                && window.LatestRestorableDateTime!.Value.ToUniversalTime() >= second.UtcDateTime ? window : null,
            $"That '{name}' can be restored to {second:O}");
    }

    /// <summary>Restores a table as an engineer would, waits for the end, gives the evidence.</summary>
    public async Task<JsonObject> RestoreTable(string source, DateTimeOffset to, string name, string purpose, long rows)
    {
        const string flow = "table-restore";
        using var flows = Flows();
        var input = new JsonObject
        {
            ["source"] = source, ["to"] = to.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = name, ["purpose"] = purpose,
            ["requestedBy"] = $"arn:aws:iam::{Account}:user/lab", ["expected"] = new JsonArray(new JsonObject { ["table"] = source, ["rows"] = rows }),
        };
        await flows.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = $"arn:aws:states:{Region}:{Account}:stateMachine:{flow}", Name = name, Input = input.ToJsonString() });
        return await Ended(name, flow);
    }
}
