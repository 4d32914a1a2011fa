using System.Text;
using System.Text.Json.Nodes;

using Amazon.S3;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.States;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.States;

/// <summary>Step Functions with S3 and functions that a test plays, behind the real clients.</summary>
internal sealed class StatesLab
{
    internal const string Machine = "arn:aws:states:us-east-1:111111111111:stateMachine:flow";
    internal const string Bucket = "runs";

    private const string Trust = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"} }""";

    internal StatesLab(Func<string, JsonNode?, JsonNode?>? function = null)
    {
        var host = new InProcessFunctionHost((f, payload, _) =>
        {
            var answer = function?.Invoke(f.Name, JsonNode.Parse(Encoding.UTF8.GetString(payload.Span)));
            return Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(answer?.ToJsonString() ?? "null"));
        });
        Cloud = new EmulatedCloud().With(w => new S3Service(w)).With(w => new LambdaService(w, host)).With(w => new StepFunctionsService(w));
        States = new AmazonStepFunctionsClient(EmulatedCloud.Operator, Cloud.Config<AmazonStepFunctionsConfig>());
        var s3 = Cloud.Config<AmazonS3Config>();
        s3.ForcePathStyle = true;
        Objects = new AmazonS3Client(EmulatedCloud.Operator, s3);
        RoleArn = Cloud.World.Iam.CreateRole(EmulatedCloud.Account, "flow", Trust).Arn;
    }

    internal EmulatedCloud Cloud { get; }
    internal AmazonStepFunctionsClient States { get; }
    internal AmazonS3Client Objects { get; }
    internal string RoleArn { get; }

    internal void Allow(string action, string resource) =>
        Cloud.World.Iam.PutRolePolicy(RoleArn, action, EmulatedCloud.Allow(action, resource));

    /// <summary>What AWS documents for a Distributed Map with reader and writer.</summary>
    internal StatesLab AllowDistributedMap()
    {
        Allow("states:StartExecution", Machine);
        Allow("states:DescribeExecution", "arn:aws:states:us-east-1:111111111111:execution:flow:*");
        Allow("states:StopExecution", "arn:aws:states:us-east-1:111111111111:execution:flow:*");
        Allow("s3:GetObject", "arn:aws:s3:::runs/plans.json");
        foreach (var action in new[] { "PutObject", "GetObject", "ListMultipartUploadParts", "AbortMultipartUpload" })
        {
            Cloud.World.Iam.PutRolePolicy(RoleArn, $"write {action}", EmulatedCloud.Allow($"s3:{action}", "arn:aws:s3:::runs/results/*"));
        }

        return this;
    }

    internal async Task<StatesLab> With(JsonNode items)
    {
        await Objects.PutBucketAsync(Bucket);
        await Objects.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = Bucket, Key = "plans.json", ContentBody = items.ToJsonString() });
        return this;
    }

    internal async Task<string> Text(string key)
    {
        using var stored = await Objects.GetObjectAsync(Bucket, key);
        using var reader = new StreamReader(stored.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    internal async Task<JsonNode> Json(string key) => JsonNode.Parse(await Text(key))!;

    internal async Task<string> Start(string definition, string input = "{}")
    {
        await States.CreateStateMachineAsync(new CreateStateMachineRequest { Name = "flow", Definition = definition, RoleArn = RoleArn });
        return (await States.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = Machine, Name = "night", Input = input })).ExecutionArn;
    }

    /// <summary>Starts it and lets time pass.</summary>
    internal async Task<DescribeExecutionResponse> Run(string definition, string input = "{}", TimeSpan? time = null)
    {
        var arn = await Start(definition, input);
        Cloud.Clock.Advance(time ?? TimeSpan.FromHours(1));
        return await States.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn });
    }

    internal async Task<List<HistoryEvent>> History(string execution) =>
        (await States.GetExecutionHistoryAsync(new GetExecutionHistoryRequest { ExecutionArn = execution, MaxResults = 1000 })).Events;

    internal async Task<MapRunListItem> MapRun(string execution) =>
        (await States.ListMapRunsAsync(new ListMapRunsRequest { ExecutionArn = execution })).MapRuns.ShouldHaveSingleItem();
}
