using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>Map Runs: a Distributed Map's executions, started as the state machine's role.</summary>
public sealed partial class StepFunctionsService
{
    private readonly SortedDictionary<string, MapRun> mapRuns = new(StringComparer.Ordinal);

    private DescribeMapRunResponse DescribeMapRun(CallContext call, DescribeMapRunRequest request)
    {
        Parameters.Refuse(request, nameof(request.MapRunArn));
        call.Authorize("states:DescribeMapRun", request.MapRunArn);
        var run = FindMapRun(request.MapRunArn);
        return new DescribeMapRunResponse
        {
            MapRunArn = run.Arn,
            ExecutionArn = run.Parent.Arn,
            Status = run.Status,
            StartDate = run.Started.UtcDateTime,
            StopDate = run.Stopped?.UtcDateTime,
            MaxConcurrency = run.Plan.MaxConcurrency,
            ToleratedFailurePercentage = (float)run.Plan.ToleratedFailurePercentage,
            ToleratedFailureCount = run.Plan.ToleratedFailureCount,
            ItemCounts = run.ItemCounts(),
            ExecutionCounts = run.ExecutionCounts(),
            RedriveCount = 0,
        };
    }

    private ListMapRunsResponse ListMapRuns(CallContext call, ListMapRunsRequest request)
    {
        Parameters.Refuse(request, nameof(request.ExecutionArn), nameof(request.MaxResults), nameof(request.NextToken));
        call.Authorize("states:ListMapRuns", request.ExecutionArn);
        var execution = Find(request.ExecutionArn);
        var page = Page.Of(
            mapRuns.Values.Where(r => r.Parent == execution), r => r.Arn, request.NextToken, PageSize(request.MaxResults, 100), "InvalidToken");
        return new ListMapRunsResponse
        {
            MapRuns = [.. page.Items.Select(r => new MapRunListItem
            {
                MapRunArn = r.Arn, ExecutionArn = r.Parent.Arn, StateMachineArn = $"{r.Parent.Machine.Arn}/{r.Label}", StartDate = r.Started.UtcDateTime, StopDate = r.Stopped?.UtcDateTime,
            })],
            NextToken = page.NextToken,
        };
    }

    private MapRun FindMapRun(string arn) => mapRuns.GetValueOrDefault(arn) ?? throw new ServiceException("ResourceNotFound", $"Resource not found: '{arn}'");

    private CallContext RoleOf(RunningExecution execution) => World.Iam.ContextForRole(execution.RoleArn, execution.Machine.Region, execution.Name);

    /// <summary>Starting executions of itself is an act of the state machine's role, and so is ending them (Developer Guide, "IAM policies for using Distributed Map states").</summary>
    private RunningExecution StartChild(MapRun run, JsonNode? input)
    {
        lock (World.Gate)
        {
            RoleOf(run.Parent).Authorize("states:StartExecution", run.Parent.Machine.Arn);
            var child = new RunningExecution(run.Parent.Machine, World.NewId(), input?.ToJsonString() ?? "null", ++started, run) { Started = World.Now };
            Prepare(child, new StateMachineDefinition(run.Plan.Processor, null, []), input);
            run.Children.Add(child);
            Tell(child, "ExecutionsStarted");
            return child;
        }
    }

    private void StopChild(RunningExecution child)
    {
        lock (World.Gate)
        {
            if (child.Status != ExecutionStatus.RUNNING)
            {
                return;
            }

            try
            {
                RoleOf(child).Authorize("states:StopExecution", NamedInPolicies(child));
            }
            catch (ServiceException)
            {
                // Then it runs on to its own end; the refusal stands in Iam.Denials.
                return;
            }

            Abort(child, null, null);
        }
    }

    private MapRunItem EndOf(RunningExecution child)
    {
        lock (World.Gate)
        {
            RoleOf(child).Authorize("states:DescribeExecution", NamedInPolicies(child));
        }

        return child.Status == ExecutionStatus.SUCCEEDED
            ? new MapRunItem(true, JsonNode.Parse(child.Output!))
            : new MapRunItem(false, MapRunResults.Record(child));
    }

    /// <summary>The guide's policies name the executions of a Distributed Map without its label.</summary>
    private static string NamedInPolicies(RunningExecution child) => child.Machine.ExecutionArn(child.Name);

    private sealed class MapRunsOf(StepFunctionsService service, RunningExecution parent) : IMapRuns
    {
        public IMapRun Begin(MapRunPlan plan)
        {
            lock (service.World.Gate)
            {
                var run = new MapRun(parent, plan, service.World.NewId()) { Started = service.World.Now };
                service.mapRuns.Add(run.Arn, run);
                return new Ground(service, run);
            }
        }
    }

    private sealed class Ground(StepFunctionsService service, MapRun run) : IMapRun
    {
        private readonly MapRunObjects objects = new(service.World, service.RoleOf(run.Parent));

        public string Arn => run.Arn;

        public Task<string> Read(string bucket, string key) => objects.Get(bucket, key);

        public void Expect(int items)
        {
            lock (service.World.Gate)
            {
                run.Items = items;
            }
        }

        public async Task<MapRunItem> Run(JsonNode? input, CancellationToken stop)
        {
            try
            {
                var child = service.StartChild(run, input);
                using (stop.UnsafeRegister(_ => service.StopChild(child), null))
                {
                    await service.Follow(child).ConfigureAwait(false);
                }

                return service.EndOf(child);
            }
            catch (ServiceException refused)
            {
                throw new StatesError(StatesError.Permissions, refused.Message);
            }
        }

        public async Task<JsonObject> Export(string bucket, string prefix, IReadOnlyList<JsonNode?> pending)
        {
            var files = new MapRunResults(run, bucket, prefix);
            foreach (var (key, content) in files.Write(pending))
            {
                await objects.Put(bucket, key, content).ConfigureAwait(false);
            }

            lock (service.World.Gate)
            {
                run.ResultsWritten = run.Children.Count;
            }

            return new JsonObject
            {
                ["MapRunArn"] = run.Arn,
                ["ResultWriterDetails"] = new JsonObject { ["Bucket"] = bucket, ["Key"] = files.ManifestKey },
            };
        }

        public void End(MapRunEnd end)
        {
            lock (service.World.Gate)
            {
                (run.Status, run.Stopped) = (end switch
                {
                    MapRunEnd.Succeeded => MapRunStatus.SUCCEEDED,
                    MapRunEnd.Failed => MapRunStatus.FAILED,
                    _ => MapRunStatus.ABORTED,
                }, service.World.Now);
            }
        }
    }
}
