using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;


namespace Dbre.Services.Tests.States;

public sealed class MapRunTests
{
    private const string Definition = """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"databases","MaxConcurrency":2,"ToleratedFailurePercentage":40,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"runs","Key.$":"$.key"}},
          "ItemSelector":{"plan.$":"$$.Map.Item.Value","operationId.$":"$.operationId"},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Good?","States":{
            "Good?":{"Type":"Choice","Choices":[{"Variable":"$.plan","StringEquals":"bad","Next":"Bad"}],"Default":"Work"},
            "Work":{"Type":"Wait","Seconds":60,"Next":"Done"},
            "Done":{"Type":"Pass","Parameters":{"did.$":"$.plan","for.$":"$.operationId","in.$":"$$.Execution.Id","of.$":"$$.StateMachine.Id"},"End":true},
            "Bad":{"Type":"Fail","Error":"Broken","Cause":"it is bad"}}},
          "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"runs","Prefix":"results"}},
          "ResultPath":"$.done","End":true}}}
        """;

    private const string Input = """{"key":"plans.json","operationId":"night"}""";

    [Fact]
    public async Task Each_item_is_an_execution_of_its_own_under_the_label()
    {
        var lab = await Lab("a", "b", "c");

        var ended = await lab.Run(Definition, Input);

        ended.Status.ShouldBe(ExecutionStatus.SUCCEEDED, ended.Cause);
        var run = await lab.MapRun(ended.ExecutionArn);
        run.MapRunArn.ShouldStartWith("arn:aws:states:us-east-1:111111111111:mapRun:flow/databases:");
        run.StateMachineArn.ShouldBe("arn:aws:states:us-east-1:111111111111:stateMachine:flow/databases");
        var children = (await lab.States.ListExecutionsAsync(new ListExecutionsRequest { MapRunArn = run.MapRunArn })).Executions;
        children.Count.ShouldBe(3);
        children.ShouldAllBe(c => c.ExecutionArn.StartsWith("arn:aws:states:us-east-1:111111111111:execution:flow/databases:", StringComparison.Ordinal) && c.MapRunArn == run.MapRunArn && c.ItemCount == 1);
        var child = await lab.States.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = children[0].ExecutionArn });
        child.MapRunArn.ShouldBe(run.MapRunArn);
        child.Input.ShouldBe("""{"plan":"c","operationId":"night"}""");
        child.Output.ShouldBe($$"""{"did":"c","for":"night","in":"{{child.ExecutionArn}}","of":"{{run.StateMachineArn}}"}""");
        (await lab.History(child.ExecutionArn)).Select(e => e.Type.Value).ShouldBe(
            ["ExecutionStarted", "ChoiceStateEntered", "ChoiceStateExited", "WaitStateEntered", "WaitStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    }

    [Fact]
    public async Task The_run_is_described_with_its_counts_and_told_in_the_parents_history()
    {
        var lab = await Lab("a", "bad", "c");

        var ended = await lab.Run(Definition, Input);

        var run = await lab.MapRun(ended.ExecutionArn);
        var told = await lab.States.DescribeMapRunAsync(new DescribeMapRunRequest { MapRunArn = run.MapRunArn });
        told.Status.ShouldBe(MapRunStatus.SUCCEEDED);
        told.ExecutionArn.ShouldBe(ended.ExecutionArn);
        (told.MaxConcurrency, told.ToleratedFailurePercentage, told.ToleratedFailureCount).ShouldBe((2, 40f, 0));
        told.ExecutionCounts.ShouldSatisfyAllConditions(
            c => c.Total.ShouldBe(3), c => c.Succeeded.ShouldBe(2), c => c.Failed.ShouldBe(1), c => c.Pending.ShouldBe(0), c => c.Running.ShouldBe(0), c => c.ResultsWritten.ShouldBe(3));
        told.ItemCounts.Total.ShouldBe(3);
        (told.StopDate - told.StartDate).ShouldBe(TimeSpan.FromSeconds(60));
        var history = await lab.History(ended.ExecutionArn);
        history.Select(e => e.Type.Value).ShouldBe(
            ["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]);
        history[3].MapRunStartedEventDetails.MapRunArn.ShouldBe(run.MapRunArn);
    }

    [Fact]
    public async Task Results_are_written_as_files_by_how_the_executions_ended()
    {
        var lab = await Lab("a", "bad", "c");

        var ended = await lab.Run(Definition, Input);

        var run = await lab.MapRun(ended.ExecutionArn);
        var folder = $"results/{run.MapRunArn.Split(':')[^1]}";
        JsonNode.Parse(ended.Output)!["done"]!.ToJsonString().ShouldBe($$$"""{"MapRunArn":"{{{run.MapRunArn}}}","ResultWriterDetails":{"Bucket":"runs","Key":"{{{folder}}}/manifest.json"}}""");
        var manifest = await lab.Json($"{folder}/manifest.json");
        manifest["DestinationBucket"]!.ToString().ShouldBe("runs");
        manifest["MapRunArn"]!.ToString().ShouldBe(run.MapRunArn);
        manifest["ResultFiles"]!["PENDING"]!.AsArray().ShouldBeEmpty();
        var succeeded = manifest["ResultFiles"]!["SUCCEEDED"]!.AsArray().ShouldHaveSingleItem()!;
        succeeded["Key"]!.ToString().ShouldBe($"{folder}/SUCCEEDED_0.json");
        succeeded["Size"]!.GetValue<int>().ShouldBe((await lab.Text($"{folder}/SUCCEEDED_0.json")).Length);
        var records = (await lab.Json($"{folder}/SUCCEEDED_0.json")).AsArray();
        records.Select(r => JsonNode.Parse(r!["Output"]!.ToString())!["did"]!.ToString()).ShouldBe(["a", "c"]);
        records[0]!["Status"]!.ToString().ShouldBe("SUCCEEDED");
        var failed = (await lab.Json($"{folder}/FAILED_0.json")).AsArray().ShouldHaveSingleItem()!;
        (failed["Error"]!.ToString(), failed["Cause"]!.ToString(), failed["Input"]!.ToString(), failed["Status"]!.ToString())
            .ShouldBe(("Broken", "it is bad", """{"plan":"bad","operationId":"night"}""", "FAILED"));
    }

    [Fact]
    public async Task Too_many_failures_fail_the_run_and_leave_the_rest_pending()
    {
        var lab = await Lab("bad", "bad", "bad", "d", "e");

        var ended = await lab.Run(Definition, Input);

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "States.ExceedToleratedFailureThreshold"));
        var run = await lab.MapRun(ended.ExecutionArn);
        var told = await lab.States.DescribeMapRunAsync(new DescribeMapRunRequest { MapRunArn = run.MapRunArn });
        told.Status.ShouldBe(MapRunStatus.FAILED);
        told.ExecutionCounts.Failed.ShouldBe(3);
        var folder = $"results/{run.MapRunArn.Split(':')[^1]}";
        (await lab.Json($"{folder}/PENDING_0.json")).AsArray().Select(p => JsonNode.Parse(p!["Input"]!.ToString())!["plan"]!.ToString()).ShouldBe(["d", "e"]);
    }

    [Fact]
    public async Task Stopping_the_execution_aborts_its_run_and_their_executions()
    {
        var lab = await Lab("a", "b", "c");
        var arn = await lab.Start(Definition, Input);
        lab.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));

        await lab.States.StopExecutionAsync(new StopExecutionRequest { ExecutionArn = arn });
        lab.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));

        var run = await lab.MapRun(arn);
        var told = await lab.States.DescribeMapRunAsync(new DescribeMapRunRequest { MapRunArn = run.MapRunArn });
        told.Status.ShouldBe(MapRunStatus.ABORTED);
        (told.ExecutionCounts.Aborted, told.ExecutionCounts.Pending).ShouldBe((2, 1));
        (await lab.States.ListExecutionsAsync(new ListExecutionsRequest { MapRunArn = run.MapRunArn, StatusFilter = ExecutionStatus.ABORTED })).Executions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Stopping_has_happened_when_it_is_answered_whatever_context_the_caller_has()
    {
        var lab = await Lab("a", "b", "c");
        var arn = await lab.Start(Definition, Input);
        lab.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
        var run = await lab.MapRun(arn);
        var own = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new RunnersContext());
        Task stopped;
        Task<DescribeMapRunResponse> described;
        try
        {
            stopped = lab.States.StopExecutionAsync(new StopExecutionRequest { ExecutionArn = arn });
            described = lab.States.DescribeMapRunAsync(new DescribeMapRunRequest { MapRunArn = run.MapRunArn });
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(own);
        }

        await stopped;
        (await described).Status.ShouldBe(MapRunStatus.ABORTED);
    }

    private sealed class RunnersContext : SynchronizationContext;

    [Theory]
    [InlineData("states:StartExecution", "States.Permissions", "is not authorized to perform: states:StartExecution on resource: arn:aws:states:us-east-1:111111111111:stateMachine:flow")]
    [InlineData("states:DescribeExecution", "States.Permissions", "is not authorized to perform: states:DescribeExecution on resource: arn:aws:states:us-east-1:111111111111:execution:flow:")]
    [InlineData("s3:GetObject", "States.ItemReaderFailed", "AccessDenied")]
    [InlineData("write PutObject", "States.ResultWriterFailed", "AccessDenied")]
    [InlineData("write AbortMultipartUpload", "States.ResultWriterFailed", "s3:AbortMultipartUpload")]
    public async Task What_the_role_may_not_do_fails_the_run(string policy, string error, string cause)
    {
        var lab = await Lab("a");
        lab.Cloud.World.Iam.DeleteRolePolicy(lab.RoleArn, policy);

        var ended = await lab.Run(Definition, Input);

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, error));
        ended.Cause.ShouldContain(cause);
        (await lab.History(ended.ExecutionArn)).ShouldContain(e => e.Type == HistoryEventType.MapRunFailed && e.MapRunFailedEventDetails.Error == error);
    }

    [Fact]
    public async Task A_missing_object_or_bucket_fails_the_reader()
    {
        var lab = (await Lab("a"));
        lab.Allow("s3:ListBucket", "arn:aws:s3:::runs");

        (await lab.Run(Definition, """{"key":"plans.json","operationId":"night"}""".Replace("plans", "other", StringComparison.Ordinal)))
            .ShouldSatisfyAllConditions(e => e.Error.ShouldBe("States.ItemReaderFailed"), e => e.Cause.ShouldContain("runs/other.json"));
    }

    [Fact]
    public async Task Executions_of_a_run_are_not_listed_with_the_machines_own()
    {
        var lab = await Lab("a", "b");
        var ended = await lab.Run(Definition, Input);

        (await lab.States.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = StatesLab.Machine })).Executions.ShouldHaveSingleItem().ExecutionArn.ShouldBe(ended.ExecutionArn);
    }

    [Fact]
    public async Task One_of_machine_and_run_must_be_named()
    {
        var lab = await Lab();

        (await Should.ThrowAsync<AmazonStepFunctionsException>(() => lab.States.ListExecutionsAsync(new ListExecutionsRequest()))).Message.ShouldContain("Exactly one of stateMachineArn and mapRunArn");
        (await Should.ThrowAsync<ResourceNotFoundException>(() => lab.States.DescribeMapRunAsync(new DescribeMapRunRequest { MapRunArn = "arn:aws:states:us-east-1:111111111111:mapRun:flow/x:y" })))
            .Message.ShouldContain("Resource not found");
    }

    [Fact]
    public async Task A_thousand_items_pass_where_their_results_would_not_fit_a_state()
    {
        var lab = await Lab([.. Enumerable.Range(0, 1600).Select(i => $"{i}-{new string('x', 400)}")]);

        var ended = await lab.Run(Definition.Replace("\"MaxConcurrency\":2", "\"MaxConcurrency\":60", StringComparison.Ordinal), Input);

        ended.Status.ShouldBe(ExecutionStatus.SUCCEEDED, ended.Cause);
        (await lab.History(ended.ExecutionArn)).Count.ShouldBe(8);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_run()
    {
        static async Task<string> Once()
        {
            var lab = await Lab("a", "bad", "c", "d");
            var run = await lab.MapRun((await lab.Run(Definition, Input)).ExecutionArn);
            var folder = $"results/{run.MapRunArn.Split(':')[^1]}";
            return await lab.Text($"{folder}/manifest.json") + await lab.Text($"{folder}/SUCCEEDED_0.json") + await lab.Text($"{folder}/FAILED_0.json");
        }

        (await Once()).ShouldBe(await Once());
    }

    private static Task<StatesLab> Lab(params string[] items) =>
        new StatesLab().AllowDistributedMap().With(new JsonArray([.. items.Select(i => JsonValue.Create(i))]));
}
