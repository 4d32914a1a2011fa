using System.Text.Json;

using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class DatabaseOutcomeTests
{
    private static readonly DatabasePlan Plan = new(
        "orders", DatabaseKind.Cluster, "aurora-postgresql", "arn", "us-east-1", "nightly", "orders-nightly", "2026-11-21T03:00:00.000Z", null, null, null, "10.0.0.1", 5432, true,
        new Retention(7, 0, 0, 0), [], new Dictionary<string, string>());

    private static readonly string Input = JsonSerializer.Serialize(new { operationId = "night", plan = Plan }, FunctionJson.Options);

    [Fact]
    public void An_execution_that_ended_well_reports_for_itself()
    {
        var outcome = DatabaseOutcome.Of(new MapRunRecord(
            "SUCCEEDED", Input,
            """{"database":"orders","kind":"Cluster","engine":"aurora-postgresql","snapshot":"s","failure":{"Error":"Failed","Cause":"no"},"steps":[{"name":"Lock","database":"orders","region":null,"startedAt":"a","endedAt":"b","attempts":1}]}""",
            null, null));

        outcome.Failure!.Sentence().ShouldBe("no");
        outcome.Steps!.ShouldHaveSingleItem().Name.ShouldBe("Lock");
    }

    [Theory]
    [InlineData("FAILED", "States.Runtime", "a path found nothing", "States.Runtime: a path found nothing")]
    [InlineData("ABORTED", null, null, "ABORTED: Its execution was stopped.")]
    [InlineData("PENDING", null, null, "It was not begun: the run ended before.")]
    public void One_that_did_not_is_told_by_its_input(string status, string? error, string? cause, string sentence)
    {
        var outcome = DatabaseOutcome.Of(new MapRunRecord(status, Input, null, error, cause));

        (outcome.Database, outcome.Kind, outcome.Engine, outcome.Snapshot).ShouldBe(("orders", "Cluster", "aurora-postgresql", "orders-nightly"));
        outcome.Failure!.Sentence().ShouldBe(sentence);
    }

    [Fact]
    public void The_maps_result_and_files_are_read_as_Step_Functions_writes_them()
    {
        var run = JsonSerializer.Deserialize<MapRunResult>("""{"MapRunArn":"arn:run","ResultWriterDetails":{"Bucket":"b","Key":"k/manifest.json"}}""", FunctionJson.Options)!;
        (run.MapRunArn, run.Details.Key).ShouldBe(("arn:run", "k/manifest.json"));
        var manifest = JsonSerializer.Deserialize<MapRunManifest>(
            """{"DestinationBucket":"b","MapRunArn":"arn:run","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[{"Key":"k/SUCCEEDED_0.json","Size":25}]}}""")!;
        manifest.ResultFiles.Succeeded.ShouldHaveSingleItem().Key.ShouldBe("k/SUCCEEDED_0.json");
    }
}
