using System.Text.Json.Nodes;

using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.S3;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Tests.Testing;

/// <content>Runs: started by the schedule or by hand, awaited, and what they left as evidence.</content>
public sealed partial class NightLab
{
    private const string Copies = "snapshot-copy", StateMachine = $"arn:aws:states:{Region}:{Account}:stateMachine:{Copies}";
    private const string EvidenceBucket = $"dbre-evidence-{Account}-{Region}";

    /// <summary>The scheduled time of a night, counted from tonight. They are two days apart, so that a proof of each day is due whatever the hour is now.</summary>
    public static DateTimeOffset NightAt(int night) => new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(2 * night).AddHours(3);

    /// <summary>Lets the deployed schedule fire for a time, waits for the run, gives its evidence.</summary>
    public async Task<JsonObject> Night(DateTimeOffset scheduled, string policy = "nightly", string flow = Copies)
    {
        await Fire(scheduled, $"{flow}-{policy}");
        return await Ended(OperationOf(policy, scheduled, flow), flow);
    }

    public Task Fire(DateTimeOffset scheduled, string schedule = $"{Copies}-nightly") => host.FireSchedule(Account, Region, "dbre", schedule, scheduled);

    /// <summary>Starts a run of policies of the test's own, as their schedule would; waits for it, gives its evidence.</summary>
    public async Task<JsonObject> Run(JsonObject policies, DateTimeOffset scheduled)
    {
        var name = (string)policies["policies"]![0]!["name"]!;
        using var functions = new AmazonLambdaClient(Operator(Account), At<AmazonLambdaConfig>(Region));
        var input = new JsonObject { ["policy"] = name, ["policies"] = policies.DeepClone(), ["scheduledTime"] = scheduled.ToString("O") };
        var answer = await functions.InvokeAsync(new InvokeRequest { FunctionName = "dbre-start-nightly-run", Payload = input.ToJsonString() });
        answer.FunctionError.ShouldBeNullOrEmpty(System.Text.Encoding.UTF8.GetString(answer.Payload.ToArray()));
        return await Ended(OperationOf(name, scheduled));
    }

    /// <summary>Starts a run again, as an engineer would: with the same input under a name of its own. Waits for it, gives its evidence.</summary>
    public async Task<JsonObject> Rerun(JsonObject record, string name)
    {
        using var flows = Flows();
        await flows.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = StateMachine, Name = name, Input = record["inputs"]!.ToJsonString() });
        return await Ended(name);
    }

    /// <summary>The executions there have been, newest first.</summary>
    public async Task<IReadOnlyList<ExecutionListItem>> Executions()
    {
        using var flows = Flows();
        return (await flows.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = StateMachine })).Executions ?? [];
    }

    /// <summary>Waits for a run's end and gives its evidence, of which there is exactly one record.</summary>
    public async Task<JsonObject> Ended(string operation, string flow = Copies)
    {
        using var flows = Flows();
        var arn = $"arn:aws:states:{Region}:{Account}:execution:{flow}:{operation}";
        var ended = await Until(async () => await Execution(flows, arn) is { } there && there.Status != ExecutionStatus.RUNNING ? there : null, $"The end of '{operation}'");
        using var objects = Objects();
        var records = (await objects.ListObjectsV2Async(new() { BucketName = EvidenceBucket, Prefix = $"evidence/{flow}/{operation}/" })).S3Objects ?? [];
        records.Count.ShouldBe(1, $"'{operation}' is {ended.Status}: {ended.Error}: {ended.Cause}");
        using var stored = await objects.GetObjectAsync(EvidenceBucket, records[0].Key);
        var record = JsonNode.Parse(stored.ResponseStream)!.AsObject();
        ended.Status.ShouldBe((string)record["outcome"]! == "Succeeded" ? ExecutionStatus.SUCCEEDED : ExecutionStatus.FAILED);
        return record;
    }

    private static string OperationOf(string policy, DateTimeOffset scheduled, string flow = Copies) => $"{flow}-{policy}-{scheduled.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";

    /// <summary>Null until the schedule's event, which is asynchronous, has started it.</summary>
    private static async Task<DescribeExecutionResponse?> Execution(AmazonStepFunctionsClient flows, string arn)
    {
        try
        {
            return await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn });
        }
        catch (ExecutionDoesNotExistException)
        {
            return null;
        }
    }

    private AmazonStepFunctionsClient Flows() => new(Operator(Account), At<AmazonStepFunctionsConfig>(Region));

    private AmazonS3Client Objects()
    {
        var config = At<AmazonS3Config>(Region);
        config.ForcePathStyle = true;
        return new AmazonS3Client(Operator(Account), config);
    }
}
