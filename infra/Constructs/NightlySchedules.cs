using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Scheduler;
using Amazon.CDK.AWS.SQS;

using Constructs;

using Dbre.Infra.Naming;

using Policy = Dbre.Functions.Core.Policies.Policy;
using Schedule = Dbre.Functions.Core.Policies.Schedule;

namespace Dbre.Infra.Constructs;

/// <summary>One schedule per policy for its copies, and one for its restore drill where it has one. Each hands the whole policy file over, so that a run works by the policies that were deployed with it.</summary>
public sealed class NightlySchedules : Construct
{
    /// <summary>The class that a schedule invokes; it starts the state machine under a name that makes a second start a no-op.</summary>
    public const string Starter = "StartNightlyRun";

    /// <summary>The state machine that it starts for the copies.</summary>
    public const string Flow = "snapshot-copy";

    /// <summary>The state machine that it starts for the drills.</summary>
    public const string DrillFlow = "restore-drill";

    // EventBridge Scheduler replaces this with the time for which the schedule fires, also when it delivers late.
    private const string ScheduledTime = "<aws.scheduler.scheduled-time>";

    private static readonly JsonSerializerOptions KeepKeywords = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The class that a minute's schedule invokes, for policies that want a sign of life in their databases.</summary>
    public const string Canary = "WriteCanary";

    private const string EveryMinute = "rate(1 minute)";

    public NightlySchedules(Construct scope, string id, Sources sources, FunctionWithDefaults starter, FunctionWithDefaults canary, IQueue undelivered) : base(scope, id)
    {
        var group = new CfnScheduleGroup(this, "Group", new CfnScheduleGroupProps { Name = Deployed.ScheduleGroup });
        var role = new RoleWithReasons(this, "Role", "dbre-schedules", new ServicePrincipal("scheduler.amazonaws.com"),
        [
            new(["lambda:InvokeFunction"], starter.Arn, Why: null),
            new(["lambda:InvokeFunction"], canary.Arn, Why: null),
            new(["sqs:SendMessage"], undelivered.QueueArn, Why: null),
        ]);
        foreach (var policy in sources.Policies.OrderBy(policy => policy.Name, StringComparer.Ordinal))
        {
            Add(policy.Name, Flow, policy, policy.Schedule);
            if (policy.Drill is { } drill)
            {
                Add($"{policy.Name}-drill", DrillFlow, policy, drill.Schedule);
            }

            if (policy.Canary)
            {
                var schedule = new ScheduleWithDlq(this, $"{policy.Name}-canary", new ScheduledInvocation(
                    $"canary-{policy.Name}", Deployed.ScheduleGroup, $"Leaves a sign of life in the databases of the policy {policy.Name}.", EveryMinute, "UTC",
                    canary.Arn, role.Role.RoleArn, Input(policy, sources.PoliciesJson, flow: null), undelivered.QueueArn));
                schedule.Node.AddDependency(group);
            }
        }

        void Add(string construct, string flow, Policy policy, Schedule at)
        {
            var schedule = new ScheduleWithDlq(this, construct, new ScheduledInvocation(
                $"{flow}-{policy.Name}", Deployed.ScheduleGroup, $"Starts {flow} for the policy {policy.Name}.", at.Cron, at.TimeZone,
                starter.Arn, role.Role.RoleArn, Input(policy, sources.PoliciesJson, flow), undelivered.QueueArn));
            schedule.Node.AddDependency(group);
        }
    }

    private static string Input(Policy policy, string policies, string? flow)
    {
        var input = new JsonObject { ["policy"] = policy.Name, ["policies"] = JsonNode.Parse(policies) };
        if (flow is not null)
        {
            input["scheduledTime"] = ScheduledTime;
            input["flow"] = flow;
        }

        return input.ToJsonString(KeepKeywords);
    }
}
