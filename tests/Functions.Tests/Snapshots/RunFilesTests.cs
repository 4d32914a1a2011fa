using System.Text.Json;

using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class RunFilesTests
{
    private readonly LedgerLab lab = new();

    [Fact]
    public async Task A_selection_is_kept_once_and_a_later_call_gets_the_first()
    {
        var first = new RunSelection([Plans.Of("orders"), Plans.Of("billing")], [new RefusedDatabase("r", "stopped")], [new DeferredDatabase("d", "no slot")], [new QuotaShortfall("q", "eu-west-1", null, 20, 30)]);
        await lab.Files.Keep("night", first, default);

        var kept = await lab.Files.Keep("night", first with { Plans = [Plans.Of("other")] }, default);

        kept.Plans.Select(p => p.Database).ShouldBe(["orders", "billing"]);
        (await lab.Files.Selection("night", default)).ShouldSatisfyAllConditions(
            s => s.Plans.Select(p => p.Database).ShouldBe(["orders", "billing"]), s => s.Refused.ShouldBe(first.Refused), s => s.Deferred.ShouldBe(first.Deferred), s => s.Quotas.ShouldBe(first.Quotas));
        (await Plan("night")).Select(p => p.Database).ShouldBe(["orders", "billing"]);
    }

    [Fact]
    public async Task Runs_do_not_share_their_files()
    {
        await lab.Files.Keep("one", new RunSelection([Plans.Of("a")], [], [], []), default);
        await lab.Files.Keep("two", new RunSelection([Plans.Of("b")], [], [], []), default);

        (await Plan("one")).ShouldHaveSingleItem().Database.ShouldBe("a");
        (await Plan("two")).ShouldHaveSingleItem().Database.ShouldBe("b");
    }

    [Fact]
    public async Task Results_are_read_from_every_file_of_the_manifest()
    {
        await Put("runs/n/results/1/manifest.json", """{"DestinationBucket":"runs","MapRunArn":"a","ResultFiles":{"FAILED":[{"Key":"f","Size":1}],"PENDING":[],"SUCCEEDED":[{"Key":"s0","Size":1},{"Key":"s1","Size":1}]}}""");
        await Put("s0", """[{"ExecutionArn":"e","Input":"{}","InputDetails":{"Included":true},"Output":"{\"database\":\"a\"}","Status":"SUCCEEDED"}]""");
        await Put("s1", """[{"Input":"{}","Output":"{}","Status":"SUCCEEDED"}]""");
        await Put("f", """[{"Input":"{}","Error":"States.Runtime","Cause":"c","Status":"FAILED"}]""");

        var records = await lab.Files.Results(new MapRunResult("a", new ResultWriterDetails("runs", "runs/n/results/1/manifest.json")), default);

        records.Select(r => (r.Status, r.Output, r.Error)).ShouldBe([("SUCCEEDED", """{"database":"a"}""", null), ("SUCCEEDED", "{}", null), ("FAILED", null, "States.Runtime")]);
    }

    private Task Put(string key, string content) => lab.Objects.PutObjectAsync(new() { BucketName = "runs", Key = key, ContentBody = content });

    private async Task<List<DatabasePlan>> Plan(string operation)
    {
        using var stored = await lab.Objects.GetObjectAsync("runs", $"runs/{operation}/plans.json");
        return (await JsonSerializer.DeserializeAsync<List<DatabasePlan>>(stored.ResponseStream, FunctionJson.Options))!;
    }
}
