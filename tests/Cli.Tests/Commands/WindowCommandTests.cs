using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Commands;

public sealed class WindowCommandTests : IAsyncLifetime
{
    private const string Orders = "Orders";
    private Ground ground = null!;

    public async Task InitializeAsync()
    {
        ground = await Ground.WithLedger();
        await ground.Account.Tables.CreateTableAsync(new CreateTableRequest
        {
            TableName = Orders, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("id", "S")], KeySchema = [new("id", "HASH")],
        });
    }

    public Task DisposeAsync()
    {
        ground.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_window_of_a_table_is_from_when_recovery_was_turned_on_to_five_minutes_ago()
    {
        await TurnOn();
        ground.Clock.Advance(TimeSpan.FromHours(1));

        (await ground.Caller.Types("window", Orders, "--table")).ShouldBe(new Said(0, "Orders can be restored from 2026-11-21T03:00:00Z to 2026-11-21T03:55:00Z.\n", ""));
        JsonNode.Parse((await ground.Caller.Types("window", Orders, "--table", "--json")).Out)!.ToJsonString()
            .ShouldBe("""{"table":"Orders","status":"ACTIVE","earliest":"2026-11-21T03:00:00Z","latest":"2026-11-21T03:55:00Z","region":"us-east-1"}""");
    }

    [Fact]
    public async Task A_table_that_cannot_be_restored_to_a_second_is_told_with_its_reason()
    {
        (await ground.Caller.Types("window", Orders, "--table")).ShouldRefuse("name is 'Orders', whose point-in-time recovery is off; only its backups can be restored.");
        (await ground.Caller.Types("window", "orders", "--table")).ShouldRefuse("name is 'orders'; there is no such table in us-east-1, and no backup of one.");
        (await ground.Caller.Types("window", "a b", "--table")).ShouldRefuse("name is 'a b'; there is no such table in us-east-1, and no backup of one.");

        await TurnOn();
        await ground.Account.Tables.DeleteTableAsync(Orders);
        (await ground.Caller.Types("window", Orders, "--table")).ShouldRefuse("name is 'Orders', which was deleted; only its backups can be restored: Orders$DeletedTableBackup.");
    }

    private Task TurnOn() => ground.Account.Tables.UpdateContinuousBackupsAsync(new UpdateContinuousBackupsRequest
    {
        TableName = Orders, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true },
    });
}
