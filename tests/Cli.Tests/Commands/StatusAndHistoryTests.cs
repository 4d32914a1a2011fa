using System.Text.Json.Nodes;

using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Commands;

/// <summary>A flow that succeeds, fails or waits, as its input says.</summary>
public sealed class StatusAndHistoryTests : IAsyncLifetime
{
    private const string Flow = """
        { "StartAt": "Which?", "States": {
            "Which?": { "Type": "Choice", "Choices": [ { "Variable": "$.end", "StringEquals": "well", "Next": "Well" }, { "Variable": "$.end", "StringEquals": "badly", "Next": "Badly" } ], "Default": "Wait" },
            "Wait": { "Type": "Wait", "Seconds": 3600, "Next": "Well" },
            "Well": { "Type": "Pass", "Result": { "reason": "2 copies are in place." }, "End": true },
            "Badly": { "Type": "Fail", "Error": "Failed", "Cause": "orders: the copy lacks a row." } } }
        """;

    private Ground ground = null!;
    private string machine = "";
    private string cleanUp = "";

    public async Task InitializeAsync()
    {
        ground = await Ground.WithLedger();
        machine = await ground.DeployFlow("snapshot-copy", Flow);
        cleanUp = await ground.DeployFlow("clean-up", Flow);
        await ground.DeployFlow("pitr-restore", Flow);
        await ground.DeployFlow("table-restore", Flow);
        await ground.DeployFlow("restore-drill", Flow);
    }

    public Task DisposeAsync()
    {
        ground.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("status")]
    [InlineData("history")]
    public async Task Nothing_has_run_yet(string command)
    {
        (await ground.Caller.Types(command)).ShouldBe(new Said(0, "No run of snapshot-copy, pitr-restore, table-restore, restore-drill, clean-up has started yet.\n", ""));
        (await ground.Caller.Types(command, "--json")).ShouldBe(new Said(0, "[]\n", ""));
    }

    [Fact]
    public async Task Status_is_what_runs_and_how_the_last_run_ended()
    {
        await Run("night-1", "badly");
        await Run("night-2", "well");
        await Run("night-3", "later");
        ground.Clock.Advance(TimeSpan.FromSeconds(50));
        (await ground.Caller.Types("status")).ShouldBe(new Said(0, """
            night-3  2026-11-21 03:00:20  1 min  RUNNING
            night-2  2026-11-21 03:00:10  1 ms  SUCCEEDED  2 copies are in place.

            """, ""));
    }

    [Fact]
    public async Task Status_fails_when_the_last_run_did()
    {
        await Run("night-1", "well");
        await Run("night-2", "badly");
        (await ground.Caller.Types("status")).ShouldBe(new Said(1, "night-2  2026-11-21 03:00:10  1 ms  FAILED  orders: the copy lacks a row.\n", ""));
    }

    [Fact]
    public async Task Status_is_of_every_flow()
    {
        await ground.Start(cleanUp, "clean-up-1", """{"end":"badly"}""");
        ground.Clock.Advance(TimeSpan.FromSeconds(10));
        await Run("night-1", "well");
        (await ground.Caller.Types("status")).ShouldBe(new Said(1, """
            night-1  2026-11-21 03:00:10  1 ms  SUCCEEDED  2 copies are in place.
            clean-up-1  2026-11-21 03:00:00  1 ms  FAILED  orders: the copy lacks a row.

            """, ""));
    }

    [Fact]
    public async Task History_is_newest_first_and_as_long_as_asked()
    {
        await Run("night-1", "well");
        await Run("night-2", "badly");
        await Run("night-3", "well");
        (await ground.Caller.Types("history", "--last", "2")).ShouldBe(new Said(0, """
            night-3  2026-11-21 03:00:20  1 ms  SUCCEEDED  2 copies are in place.
            night-2  2026-11-21 03:00:10  1 ms  FAILED  orders: the copy lacks a row.

            """, ""));
    }

    [Fact]
    public async Task History_as_json()
    {
        await Run("night-1", "badly");
        var run = JsonNode.Parse((await ground.Caller.Types("history", "--json")).Out)!.AsArray().ShouldHaveSingleItem()!;
        run.ToJsonString().ShouldBe(
            """{"flow":"snapshot-copy","operationId":"night-1","status":"FAILED","startedAt":"2026-11-21T03:00:00.000Z","seconds":0.001,"reason":"orders: the copy lacks a row."}""");
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_table()
    {
        await Run("night-1", "badly");
        (await ground.Caller.Types(new Screen(terminal: true, width: 110), "history")).Out.ShouldBe("""
            ╭─────────┬─────────────────────┬──────┬────────┬───────────────────────────────╮
            │ Run     │ Started (UTC)       │ Took │ Status │ Reason                        │
            ├─────────┼─────────────────────┼──────┼────────┼───────────────────────────────┤
            │ night-1 │ 2026-11-21 03:00:00 │ 1 ms │ FAILED │ orders: the copy lacks a row. │
            ╰─────────┴─────────────────────┴──────┴────────┴───────────────────────────────╯

            """);
    }

    private async Task Run(string name, string end)
    {
        await ground.Start(machine, name, $$"""{"end":"{{end}}"}""");
        ground.Clock.Advance(TimeSpan.FromSeconds(10));
    }
}
