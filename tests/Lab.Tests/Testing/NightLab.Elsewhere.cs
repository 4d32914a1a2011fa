using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.RDS.Model;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Tests.Testing;

/// <content>Instances whose automated backups another Region has as well, and their restores there.</content>
public sealed partial class NightLab
{
    /// <summary>Switches the replication of an instance's automated backups on, as whoever prepares to lose a Region does.</summary>
    public async Task Replicate(string id)
    {
        using var rds = Rds(RecoveryRegion);
        await rds.StartDBInstanceAutomatedBackupsReplicationAsync(new StartDBInstanceAutomatedBackupsReplicationRequest
        {
            SourceDBInstanceArn = $"arn:aws:rds:{Region}:{Account}:db:{id}", KmsKeyId = "alias/dbre", BackupRetentionPeriod = 7, SourceRegion = Region,
        });
        await Replicated(id, DateTimeOffset.MinValue);
    }

    /// <summary>Waits until a second can be restored there.</summary>
    public Task Replicated(string id, DateTimeOffset second) => Until(
        async () =>
        {
            using var rds = Rds(RecoveryRegion);
            var found = (await rds.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest { DBInstanceIdentifier = id })).DBInstanceAutomatedBackups[0];
            return found.RestoreWindow?.LatestTime is { } latest && new DateTimeOffset(latest.ToUniversalTime()) >= second ? found : null;
        },
        $"{second:O} of '{id}' being restorable in {RecoveryRegion}");

    /// <summary>Deletes an instance with its own automated backups.</summary>
    public async Task Lose(string id)
    {
        using var rds = Rds();
        await rds.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = id, SkipFinalSnapshot = true, DeleteAutomatedBackups = true });
        await Until(async () => (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances is { } left && left.Any(i => i.DBInstanceIdentifier == id) ? null : "gone", $"The end of '{id}'");
    }

    /// <summary>Restores there to a second, in which its one table had all its rows; gives the evidence.</summary>
    public async Task<JsonObject> RestoreElsewhere(string source, DateTimeOffset second, string name, string purpose, string table)
    {
        var operation = $"{purpose}-{name}";
        using var flows = Flows();
        await flows.StartExecutionAsync(new StartExecutionRequest
        {
            StateMachineArn = $"arn:aws:states:{Region}:{Account}:stateMachine:pitr-restore", Name = operation,
            Input = new JsonObject
            {
                ["source"] = source, ["to"] = second.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = name, ["purpose"] = purpose, ["region"] = RecoveryRegion,
                ["requestedBy"] = "arn:aws:iam::111111111111:user/engineer", ["expected"] = new JsonArray(new JsonObject { ["table"] = table, ["rows"] = Rows }),
            }.ToJsonString(),
        });
        return await Ended(operation, "pitr-restore");
    }

    /// <summary>The instances of a Region that have a name like this.</summary>
    public async Task<IReadOnlyList<DBInstance>> Instances(string like, string region)
    {
        using var rds = Rds(region);
        return [.. ((await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? []).Where(i => i.DBInstanceIdentifier.Contains(like, StringComparison.Ordinal))];
    }
}
