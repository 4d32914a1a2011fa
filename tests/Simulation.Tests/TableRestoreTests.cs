using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions;

using Dbre.Lab.Nights;

namespace Dbre.Simulation.Tests;

/// <summary>DynamoDB tables restored by the deployed flow, at DynamoDB's own pace.</summary>
public sealed class TableRestoreTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    [Fact]
    public void A_table_is_restored_beside_the_live_one_to_the_second_before_the_damage_and_configured_as_it_was()
    {
        using var restore = Run("beside");

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Proven.ShouldBe(["Orders-restored"]);
        restore.Evidence("op").ShouldBe("Table 'Orders' is restored as 'Orders-restored'. 1 table with 40 rows is as it was written down.");
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_backup_is_restored_as_the_table_was_when_it_was_taken()
    {
        using var restore = Run("beside", options => options with { FromBackup = true });

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_deleted_table_is_restored_from_what_DynamoDB_keeps_of_it()
    {
        using var restore = Run("beside", options => options with { Deleted = true });

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Names.ShouldNotContain("Orders");
        restore.Evidence("op").ShouldBe("Table 'Orders' is restored as 'Orders-restored'. 1 table with 20 rows is as it was written down.");
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_drill_proves_the_table_and_removes_it()
    {
        using var restore = Run("drill");

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Proven.ShouldBe(["dbre-drill-Orders"]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void What_a_stopped_drill_left_is_removed_and_its_record_written()
    {
        using var restore = New("drill");
        restore.Ask("op");
        restore.Cloud.Clock.Advance(TimeSpan.FromMinutes(1));
        restore.Table(restore.As)!.TableStatus.ShouldBe(TableStatus.CREATING);

        restore.Stop("op");
        restore.Cloud.Clock.Advance(Long);

        restore.Evidence("op").ShouldBe("Stopped: Somebody stopped it.");
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_table_that_is_not_what_was_written_down_is_not_proven_and_stays_to_be_looked_at()
    {
        using var restore = New("beside");
        restore.Ask("op", off: 1);
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.Evidence("op").ShouldBe("The restored database differs from what was written down: Orders has 40 rows; 41 were expected.");
        restore.Table(restore.As).ShouldNotBeNull();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_table_of_the_wanted_name_is_left_alone()
    {
        using var restore = New("beside");
        restore.Do<CreateTableResponse>("dynamodb", new CreateTableRequest
        {
            TableName = restore.As, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("id", "S")], KeySchema = [new("id", "HASH")],
        });

        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.CauseOf("op").ShouldBe("as is 'Orders-restored', a table that exists (ACTIVE); give a name that is free.");
        restore.Table(restore.As)!.KeySchema[0].AttributeName.ShouldBe("id");
    }

    [Fact]
    public void Two_restores_of_a_table_go_one_after_the_other()
    {
        using var restore = New("beside");
        restore.Ask("op");
        restore.Ask("second", "second");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.StatusOf("second").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("second"));
        restore.AtTheEnd().ShouldBeEmpty();
    }

    private static SimulatedTableRestore Run(string purpose, Func<TableRestoreOptions, TableRestoreOptions>? with = null)
    {
        var restore = New(purpose, with);
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);
        return restore;
    }

    private static SimulatedTableRestore New(string purpose, Func<TableRestoreOptions, TableRestoreOptions>? with = null)
    {
        var options = new TableRestoreOptions(CloudAssemblyFolder.Path, purpose);
        return new SimulatedTableRestore(with is null ? options : with(options));
    }
}
