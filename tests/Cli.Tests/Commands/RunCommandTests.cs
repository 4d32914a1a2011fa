using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Cli.Tests.Testing;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Core.Steps;
using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;

namespace Dbre.Cli.Tests.Commands;

/// <summary>The command against the functions' own messages: what the planner answers is what <c>SelectDatabases</c> would write.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private const string Planner = "dbre-select-databases", Starter = "dbre-start-nightly-run", Operation = "snapshot-copy-nightly-20261121T030000Z";

    private Ground ground = null!;
    private string machine = "";

    public async Task InitializeAsync()
    {
        ground = await Ground.WithLedger();
        await ground.Deploy(Planner, _ => Answer(SelectDatabasesResult.Ready(new RunSelection(
            [Plan("billing", proofDue: true), Plan("orders", proofDue: false)],
            [new RefusedDatabase("legacy", "Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more.")], [], []))));
        await ground.Deploy(Starter, Start);
        machine = await ground.DeployFlow("snapshot-copy", """
            { "StartAt": "Which?", "States": {
                "Which?": { "Type": "Choice", "Choices": [ { "Variable": "$.scheduledTime", "StringMatches": "2026-11-20*", "Next": "Badly" } ], "Default": "Well" },
                "Well": { "Type": "Pass", "Result": { "reason": "2 copies are in place." }, "End": true },
                "Badly": { "Type": "Fail", "Error": "Failed", "Cause": "orders: the copy lacks a row." } } }
            """);
    }

    public Task DisposeAsync()
    {
        ground.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_plan_says_what_would_be_done_and_starts_nothing()
    {
        (await ground.Caller.Types("run", "snapshot-copy", "--plan")).ShouldBe(new Said(0, """
            billing (postgres): snapshot billing-nightly-20261121t0300z, copy to eu-west-1 under alias/dbre, to be proven
            orders (postgres): snapshot orders-nightly-20261121t0300z, copy to eu-west-1 under alias/dbre, no proof due
            Left alone: Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more.
            2 databases are selected, 1 refused. This is the plan only; nothing was changed.

            """, ""));
        ground.Calls.Select(c => c.Function).ShouldBe([Planner]);
    }

    [Fact]
    public async Task A_plan_on_a_terminal_is_a_table()
    {
        (await ground.Caller.Types(new Screen(terminal: true, width: 120), "run", "snapshot-copy", "--plan")).Out.ShouldStartWith("""
            ╭──────────┬──────────┬────────────────────────────────┬───────────┬────────────┬─────────╮
            │ Database │ Engine   │ Snapshot                       │ Copy to   │ Key        │ Proof   │
            ├──────────┼──────────┼────────────────────────────────┼───────────┼────────────┼─────────┤
            │ billing  │ postgres │ billing-nightly-20261121t0300z │ eu-west-1 │ alias/dbre │ due     │
            │ orders   │ postgres │ orders-nightly-20261121t0300z  │ eu-west-1 │ alias/dbre │ not due │
            ╰──────────┴──────────┴────────────────────────────────┴───────────┴────────────┴─────────╯
            Left alone: 
            """);
    }

    [Fact]
    public async Task A_plan_as_json_is_the_functions_answer()
    {
        var said = await ground.Caller.Types("run", "snapshot-copy", "--plan", "--json");
        JsonSerializer.Deserialize<SelectDatabasesResult>(said.Out, FunctionJson.Options)!.Databases.Select(d => d.Database).ShouldBe(["billing", "orders"]);
        said.Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("--plan")]
    [InlineData("--watch")]
    public async Task A_run_that_would_be_refused_is_refused_before_it_starts(string option)
    {
        ground.Functions[Planner] = _ => Answer(SelectDatabasesResult.Refusal("first", ["Policy 'nightly': kmsKey 'alias/dbre' in eu-west-1 is Disabled; it must be Enabled."]));
        (await ground.Caller.Types("run", "snapshot-copy", option)).ShouldRefuse("Policy 'nightly': kmsKey 'alias/dbre' in eu-west-1 is Disabled; it must be Enabled.");
        ground.Calls.ShouldAllBe(c => c.Function == Planner);
    }

    [Fact]
    public async Task A_run_is_started_for_the_time_and_the_policy_that_were_given()
    {
        (await ground.Caller.Types("run", "snapshot-copy", "--policy", "nightly", "--at", "2026-11-21T04:00:00+01:00")).ShouldBe(new Said(0, $"{Operation} is started.\n", ""));
        var payload = ground.Calls[^1].Event;
        ((string)payload["policy"]!).ShouldBe("nightly");
        ((string)payload["scheduledTime"]!).ShouldBe("2026-11-21T03:00:00.000Z");
        PolicyFile.Parse(payload["policies"]!.ToJsonString()).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_input_file_gives_all_three()
    {
        var policies = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "config/policies.json"));
        var file = ground.Caller.Has("night.json", $$"""{ "policy": "nightly", "scheduledTime": "2026-11-21T03:00:00Z", "policies": {{policies}} }""");
        (await ground.Caller.Types("run", "snapshot-copy", "--input", file)).Out.ShouldBe($"{Operation} is started.\n");
    }

    [Fact]
    public async Task The_same_time_again_is_the_same_run()
    {
        await ground.Caller.Types("run", "snapshot-copy", "--at", "2026-11-21T03:00:00Z");
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        (await ground.Caller.Types("run", "snapshot-copy", "--at", "2026-11-21T03:00:00Z")).Out.ShouldBe($"{Operation} was started before; it is one run.\n");
    }

    [Fact]
    public async Task Watch_ends_with_how_the_run_ended()
    {
        await ground.Start(machine, Operation, """{"scheduledTime":"2026-11-21T03:00:00.000Z"}""");
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        (await ground.Caller.Types("run", "snapshot-copy", "--at", "2026-11-21T03:00:00Z", "--watch")).ShouldBe(
            new Said(0, $"{Operation} was started before; it is one run.\n{Operation} succeeded: 2 copies are in place.\n", ""));
    }

    [Fact]
    public async Task Watch_of_a_run_that_failed_fails_with_its_reason()
    {
        const string operation = "snapshot-copy-nightly-20261120T030000Z";
        await ground.Start(machine, operation, """{"scheduledTime":"2026-11-20T03:00:00.000Z"}""");
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        var said = await ground.Caller.Types("run", "snapshot-copy", "--at", "2026-11-20T03:00:00Z", "--watch", "--json");
        said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $$"""{"operationId":"{{operation}}","started":false}""",
            $$"""{"operationId":"{{operation}}","status":"FAILED","reason":"orders: the copy lacks a row."}""",
        ]);
        said.Error.ShouldBe($"{operation} did not succeed: orders: the copy lacks a row.\n");
        said.Code.ShouldBe(1);
    }

    [Fact]
    public async Task A_clean_up_is_started_without_input_and_once_for_a_time()
    {
        var cleanUp = await ground.DeployFlow("clean-up", """{ "StartAt": "Succeeded", "States": { "Succeeded": { "Type": "Pass", "Result": { "reason": "0 leftovers were removed." }, "End": true } } }""");
        (await ground.Caller.Types("run", "clean-up", "--at", "2026-11-21T03:00:00Z")).ShouldBe(new Said(0, "clean-up-20261121T030000Z is started.\n", ""));
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        (await ground.Caller.Types("run", "clean-up", "--at", "2026-11-21T03:00:00Z", "--watch")).ShouldBe(
            new Said(0, "clean-up-20261121T030000Z was started before; it is one run.\nclean-up-20261121T030000Z succeeded: 0 leftovers were removed.\n", ""));
        ground.Calls.ShouldBeEmpty();
        cleanUp.ShouldEndWith(":clean-up");
    }

    [Fact]
    public async Task A_clean_up_has_no_plan() =>
        (await ground.Caller.Types("run", "clean-up", "--plan")).ShouldRefuse(
            "--plan is given for clean-up, which finds out only as it goes what there is to do; allowed are snapshot-copy, pitr-restore, table-restore and restore-drill.");

    [Fact]
    public async Task A_drill_is_planned_started_and_watched()
    {
        const string drill = "restore-drill-nightly-20261121T090000Z", sentence = "'orders' is restored to 2026-11-19T01:02:03.000Z in us-east-1, and has no proven copy.";
        await ground.Deploy("dbre-select-drills", _ => Answer(new SelectDrillsResult(
            StepStatus.Ready, sentence, [], [new DrillPlan("orders", DatabaseKind.Instance, "postgres", "us-east-1", "dbre-drill-orders-1", "2026-11-19T01:02:03.000Z", 300, null)],
            [new RefusedDatabase("legacy", "Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more.")], new Objectives(26, 60))));
        machine = await ground.DeployFlow("restore-drill", """
            { "StartAt": "Failed", "States": { "Failed": { "Type": "Fail", "Error": "Failed", "Cause": "'orders' has no proven copy that could be restored." } } }
            """);

        (await ground.Caller.Types("run", "restore-drill", "--at", "2026-11-21T09:00:00Z", "--plan")).ShouldBe(new Said(0, $"""
            Left alone: Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more.
            {sentence} This is the plan only; nothing was changed.

            """, ""));
        (await ground.Caller.Types("run", "restore-drill", "--at", "2026-11-21T09:00:00Z")).ShouldBe(new Said(0, $"{drill} is started.\n", ""));
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        (await ground.Caller.Types("run", "restore-drill", "--at", "2026-11-21T09:00:00Z", "--watch")).ShouldBe(
            new Said(1, $"{drill} was started before; it is one run.\n", $"{drill} did not succeed: 'orders' has no proven copy that could be restored.\n"));
    }

    [Fact]
    public async Task A_function_that_fails_is_told_in_its_own_words()
    {
        ground.Functions[Planner] = _ => throw new InvalidOperationException("The table is throttled.");
        var said = await ground.Caller.Types("run", "snapshot-copy", "--plan");
        said.Error.ShouldBe("The function dbre-select-databases failed: The table is throttled.\n");
        said.Code.ShouldBe(1);
    }

    private static Task<JsonNode> Answer<T>(T message) => Task.FromResult(JsonSerializer.SerializeToNode(message, FunctionJson.Options)!);

    private static DatabasePlan Plan(string database, bool proofDue) => new(
        database, DatabaseKind.Instance, "postgres", $"arn:aws:rds:us-east-1:111111111111:db:{database}", "us-east-1", "nightly", $"{database}-nightly-20261121t0300z",
        "2026-11-21T03:00:00.000Z", null, null, null, $"{database}.example", 5432, proofDue, new Retention(7, 0, 0, 0),
        [new TargetPlan("eu-west-1", null, "alias/dbre", proofDue, null, null)], new Dictionary<string, string>());

    /// <summary>As <c>StartNightlyRun</c> does: the execution's name is the operation id, and one that is taken is the same run.</summary>
    private async Task<JsonNode> Start(JsonObject request)
    {
        var name = StartNightlyRun.OperationId((string?)request["flow"] ?? "snapshot-copy", (string)request["policy"]!, Instant.Read((string)request["scheduledTime"]!));
        try
        {
            await ground.Start(machine, name, request.ToJsonString());
            return await Answer(new StartNightlyRunResult(name, Started: true));
        }
        catch (Lab.Services.ServiceException taken) when (taken.Code == "ExecutionAlreadyExists")
        {
            return await Answer(new StartNightlyRunResult(name, Started: false));
        }
    }
}
