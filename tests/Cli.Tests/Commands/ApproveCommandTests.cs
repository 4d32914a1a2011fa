using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Tests.Testing;
using Dbre.Functions.Core;

namespace Dbre.Cli.Tests.Commands;

/// <summary>A swap waits for somebody who did not ask for it: once, in time, and with a reason when it is no.</summary>
public sealed class ApproveCommandTests : IAsyncLifetime
{
    private const string Waits = """
        {"StartAt":"Wait","States":{"Wait":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","TimeoutSeconds":600,
          "Parameters":{"FunctionName":"ask","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}
        """;

    private Ground ground = null!;
    private string execution = "", token = "";

    private Ledger Ledger => new(ground.Account.Tables, "dbre-ledger", ground.Clock);

    public async Task InitializeAsync()
    {
        ground = await Ground.WithLedger();
        await ground.Deploy("ask", asked =>
        {
            token = (string)asked["token"]!;
            return Task.FromResult<JsonNode>(new JsonObject());
        });
        var machine = await ground.DeployFlow("pitr-restore", Waits);
        execution = (await ground.Account.Flows.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = machine, Name = "op", Input = "{}" })).ExecutionArn;
        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        token.ShouldNotBeEmpty();
        await Ledger.AskApproval("op", "Shall 'orders-restored' take the name 'orders'?", "arn:aws:iam::111111111111:user/requester", token, "{}", default);
    }

    public Task DisposeAsync()
    {
        ground.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Approves_once_and_the_operation_goes_on()
    {
        (await Types("approve", "op")).ShouldBe(new Said(0, "op is approved: Shall 'orders-restored' take the name 'orders'?\n", ""));

        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Status()).ShouldBe(ExecutionStatus.SUCCEEDED);
        (await Ledger.ReadApproval("op", default))!.ShouldSatisfyAllConditions(
            a => a.Decision.ShouldBe(ApprovalDecision.Approved), a => a.DecidedBy.ShouldBe("arn:aws:iam::111111111111:user/lab"));
        var again = await Types("approve", "op", "--reject", "no");
        again.Code.ShouldBe(2);
        again.Error.ShouldStartWith("operation is 'op', which was approved by arn:aws:iam::111111111111:user/lab at ");
    }

    [Fact]
    public async Task Rejects_with_the_reason()
    {
        (await Types("approve", "op", "--reject", "wrong second")).ShouldBe(new Said(0, "op is rejected: wrong second\n", ""));

        ground.Clock.Advance(TimeSpan.FromSeconds(1));
        var ended = await ground.Account.Flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
        (ended.Status, ended.Error, ended.Cause).ShouldBe((ExecutionStatus.FAILED, "Rejected", "wrong second"));
    }

    [Fact]
    public async Task Whoever_asked_for_it_cannot_approve_it()
    {
        await Ledger.AskApproval("mine", "Shall it?", ground.Account.Caller, token, "{}", default);

        (await Types("approve", "mine")).ShouldBe(
            new Said(2, "", "operation is 'mine', which you (arn:aws:iam::111111111111:user/lab) asked for yourself; somebody else has to decide it.\n"));
        (await Ledger.ReadApproval("mine", default))!.Decision.ShouldBe(ApprovalDecision.Open);
        (await Status()).ShouldBe(ExecutionStatus.RUNNING);
    }

    [Fact]
    public async Task A_decision_that_comes_too_late_changes_nothing()
    {
        ground.Clock.Advance(TimeSpan.FromSeconds(601));

        (await Types("approve", "op")).ShouldBe(new Said(2, "", "operation is 'op', which does not wait any more: the decision came too late, and nothing was changed.\n"));
        (await Status()).ShouldBe(ExecutionStatus.FAILED);
    }

    [Fact]
    public async Task An_operation_that_asked_nothing_is_named() =>
        (await Types("approve", "nobody")).ShouldBe(new Said(2, "", "operation is 'nobody'; no operation of that name has asked for an approval.\n"));

    // Without the test's own synchronization context the flow goes on as soon as it is told, and not some time later.
    private Task<Said> Types(params string[] words) => Task.Run(() => ground.Caller.Types(words));

    private async Task<ExecutionStatus> Status() => (await ground.Account.Flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution })).Status;
}
