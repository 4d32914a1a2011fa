using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;

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

    [Fact]
    public async Task The_window_of_a_database_is_another_where_its_backups_are_replicated()
    {
        await ground.Account.Databases.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = "orders", DBInstanceClass = "db.t4g.micro", Engine = "postgres", AllocatedStorage = 20, MasterUsername = "master", MasterUserPassword = "correct-horse", BackupRetentionPeriod = 1,
        });
        ground.Clock.Advance(TimeSpan.FromHours(1));
        (await ground.Caller.Types("window", "orders", "--region", "eu-west-1"))
            .ShouldRefuse("--region is 'eu-west-1', to which no automated backups of 'orders' are replicated; only copies of its snapshots can be restored there.");
        await ground.Account.DatabasesIn("eu-west-1").StartDBInstanceAutomatedBackupsReplicationAsync(new StartDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = $"arn:aws:rds:us-east-1:{Ground.Number}:db:orders" });
        ground.Clock.Advance(TimeSpan.FromHours(1));

        (await ground.Caller.Types("window", "orders")).ShouldBe(new Said(0, "orders can be restored from 2026-11-21T03:00:02Z to 2026-11-21T05:00:00Z.\n", ""));
        (await ground.Caller.Types("window", "orders", "--region", "us-east-1")).ShouldBe(new Said(0, "orders can be restored in us-east-1 from 2026-11-21T03:00:02Z to 2026-11-21T05:00:00Z.\n", ""));
        (await ground.Caller.Types("window", "orders", "--region", "eu-west-1")).ShouldBe(new Said(0, "orders can be restored in eu-west-1 from 2026-11-21T04:00:01Z to 2026-11-21T04:55:00Z.\n", ""));
        JsonNode.Parse((await ground.Caller.Types("window", "orders", "--region", "eu-west-1", "--json")).Out)!.ToJsonString()
            .ShouldBe("""{"database":"orders","status":"available","earliest":"2026-11-21T04:00:01Z","latest":"2026-11-21T04:55:00Z","region":"eu-west-1"}""");
        (await ground.Caller.Types("window", "billing", "--region", "eu-west-1"))
            .ShouldRefuse("name is 'billing'; there is no such database in us-east-1, and no automated backup of one of that name in us-east-1 or eu-west-1.");
    }

    private Task TurnOn() => ground.Account.Tables.UpdateContinuousBackupsAsync(new UpdateContinuousBackupsRequest
    {
        TableName = Orders, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true },
    });
}
