using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>Functions killed right after the call that changes something, before they could say so: the night ends as if nothing had happened.</summary>
public sealed class KilledFunctionTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private static readonly Moment[] Moments =
    [
        new("dbre-select-databases", "kms", "DescribeKey"),
        new("dbre-lock-database", "dynamodb", "UpdateItem"),
        new("dbre-measure-source", "s3", "PUT"),
        new("dbre-create-snapshot", "rds", "CreateDBSnapshot"),
        new("dbre-copy-snapshot", "rds", "CopyDBSnapshot"),
        new("dbre-restore-copy", "rds", "RestoreDBInstanceFromDBSnapshot"),
        new("dbre-measure-database", "secretsmanager", "GetSecretValue"),
        new("dbre-prove-copy", "dynamodb", "UpdateItem"),
        new("dbre-remove-restored-copy", "rds", "DeleteDBInstance"),
        new("dbre-prune-snapshots", "dynamodb", "Query"),
        new("dbre-unlock-database", "dynamodb", "UpdateItem"),
        new("dbre-read-timeline", "states", "GetExecutionHistory"),
        new("dbre-write-evidence", "dynamodb", "TransactWriteItems"),
        new("dbre-notify-outcome", "sns", "Publish"),
    ];

    [Fact]
    public async Task Each_function_killed_once_in_the_middle_leaves_one_snapshot_one_proven_copy_and_one_record()
    {
        var lab = fixture.Lab;
        await lab.Instance("orders");
        var killed = Moments.Select(m => lab.Once(m, () =>
        {
            lab.Kill(m.Function);
            return Task.CompletedTask;
        })).ToList();

        var record = await lab.Night(NightLab.NightAt(0));

        await Task.WhenAll(killed);
        ((string)record["outcome"]!).ShouldBe("Succeeded", (string)record["reason"]!);
        ((int)record["measured"]!["proven"]!, (long)record["measured"]!["rowsFound"]!).ShouldBe((1, NightLab.Rows));
        (await lab.Snapshots()).ShouldHaveSingleItem();
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldBe(await lab.Snapshots());
        (await lab.RestoredCopies()).ShouldBeEmpty();
        lab.Calls.ShouldNotContain(c => c.Operation == "DeleteDBSnapshot");
        lab.Calls.Count(c => c is { Operation: "CreateDBSnapshot" or "CopyDBSnapshot" or "RestoreDBInstanceFromDBSnapshot" }).ShouldBe(3);

        var there = await lab.Snapshots();
        ((string)(await lab.Rerun(record, "after-the-kills"))["outcome"]!).ShouldBe("Succeeded");
        (await lab.Snapshots()).ShouldBe(there);
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldBe(there);
    }
}
