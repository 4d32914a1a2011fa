using Amazon.KeyManagementService.Model;
using Amazon.RDS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Events;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.Scheduler;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

using AmazonAnswer = Amazon.Runtime.AmazonWebServiceResponse;

namespace Dbre.Lab.Nights;

/// <summary>Carries a fault plan out: arms what happens to calls, and does by hand what people and the world do.</summary>
internal sealed class Mischief
{
    private const string RecoveryKey = "alias/dbre";
    private const string Schedule = "snapshot-copy-nightly";
    private const string ScheduleGroup = "dbre";

    private static readonly string[] Services = ["rds", "dynamodb", "kms", "s3", "secretsmanager", "states", "sns"];

    private readonly SimulatedCloud cloud;
    private readonly DateTimeOffset start;
    private readonly string machine;
    private readonly Queue<(FaultKind Kind, StubMishap Mishap)> mishaps = new();
    private readonly SortedDictionary<DateTimeOffset, Fault> schedules = [];
    private readonly Queue<Fault> events = new();
    private readonly CallContext person;
    private RdsQuotas? usual;
    private DateTimeOffset usedUpUntil;

    /// <param name="start">What the faults' times are counted from.</param>
    /// <param name="machine">The state machine whose runs people stop, and start beside each other.</param>
    internal Mischief(SimulatedCloud cloud, DateTimeOffset start, string machine = "snapshot-copy")
    {
        (this.cloud, this.start, this.machine) = (cloud, start, machine);
        person = cloud.World.Iam.ContextForUser(cloud.World.Iam.CreateUser(SimulatedCloud.Account, "somebody", "AKIASOMEBODY", "somebody").Arn, SimulatedCloud.HomeRegion);
        cloud.Engine.Mishaps = Mishap;
        cloud.World.Service<SchedulerService>().Deviation = Deviation;
        cloud.World.Service<EventBridgeService>().Deviation = Deviation;
    }

    /// <summary>Sets every fault of the plan on the clock.</summary>
    internal void Carry(FaultPlan plan)
    {
        foreach (var fault in plan.Faults)
        {
            if (fault.Kind is FaultKind.ScheduleTwice or FaultKind.ScheduleLate or FaultKind.ScheduleLost)
            {
                // It is about that night's firing, which may come before the fault's own time.
                schedules[(start + fault.At).Date] = fault;
                continue;
            }

            At(start + fault.At, () => Happen(fault));
        }
    }

    private void Happen(Fault fault)
    {
        var until = cloud.Clock.GetUtcNow() + fault.Lasts;
        switch (fault.Kind)
        {
            case FaultKind.Throttle:
                var service = Services[fault.Pick % Services.Length];
                cloud.Weather.Count(fault.Kind, service);
                cloud.Weather.Dry(service, until);
                break;
            case FaultKind.RegionDark:
                cloud.Weather.Count(fault.Kind, SimulatedCloud.RecoveryRegion);
                cloud.Weather.Darken(SimulatedCloud.RecoveryRegion, until);
                break;
            case FaultKind.DatabaseHangs:
                cloud.Weather.HangDatabases(until);
                break;
            case FaultKind.ClockJump:
                cloud.Weather.Count(fault.Kind, fault.Pick % 2 == 0 ? "ahead" : "behind");
                cloud.Weather.SetClock(fault.Pick % 2 == 0 ? fault.Lasts / 4 : -fault.Lasts / 4);
                At(until, () => cloud.Weather.SetClock(TimeSpan.Zero));
                break;
            case FaultKind.KeyDisabled:
                cloud.Weather.Count(fault.Kind, RecoveryKey);
                KeyIs(enabled: false);
                At(until, () => KeyIs(enabled: true));
                break;
            case FaultKind.QuotaReached:
                cloud.Weather.Count(fault.Kind, "others' snapshots and copies");
                usual ??= cloud.Rds.Quotas;
                usedUpUntil = until > usedUpUntil ? until : usedUpUntil;
                cloud.Rds.Quotas = fault.Pick % 2 == 0 ? usual with { ManualSnapshots = 0, ManualClusterSnapshots = 0 } : usual with { CrossRegionCopies = 0, CrossRegionClusterCopies = 0 };
                At(until, GiveRoom);
                break;
            case FaultKind.SnapshotFails:
                mishaps.Enqueue((fault.Kind, new StubMishap(Fails: true)));
                break;
            case FaultKind.CopyStuck:
                mishaps.Enqueue((fault.Kind, new StubMishap(fault.Lasts, Fails: true)));
                break;
            case FaultKind.CopyDamaged:
                mishaps.Enqueue((fault.Kind, new StubMishap(RowsLost: 1)));
                break;
            case FaultKind.CopyAltered:
                mishaps.Enqueue((fault.Kind, new StubMishap(RowsLost: 0)));
                break;
            case FaultKind.EventTwice or FaultKind.EventLate or FaultKind.EventLost:
                events.Enqueue(fault);
                break;
            case FaultKind.ManualRun:
                RunByHand(fault);
                break;
            case FaultKind.ManualStop:
                StopByHand();
                break;
            case FaultKind.ManualDelete:
                DeleteSomething(fault.Pick);
                break;
            default:
                cloud.Weather.Arm(fault.Kind, fault.Pick);
                break;
        }
    }

    private StubMishap? Mishap(string snapshot)
    {
        // Damage and endless copying happen to copies; a failure happens to either.
        var copy = snapshot.Contains($"/{SimulatedCloud.RecoveryRegion}/", StringComparison.Ordinal);
        if (!mishaps.TryPeek(out var next) || (next.Kind != FaultKind.SnapshotFails && !copy))
        {
            return null;
        }

        mishaps.Dequeue();
        cloud.Weather.Count(next.Kind, snapshot);
        return next.Mishap;
    }

    private TimeSpan? Deviation(string schedule, DateTimeOffset due)
    {
        if (!schedules.Remove(due.Date, out var fault))
        {
            return TimeSpan.Zero;
        }

        cloud.Weather.Count(fault.Kind, schedule);
        if (fault.Kind == FaultKind.ScheduleTwice)
        {
            _ = Again(due, TimeSpan.FromSeconds(fault.Pick));
        }

        return fault.Kind switch
        {
            FaultKind.ScheduleLost => null,
            FaultKind.ScheduleLate => fault.Lasts,
            _ => TimeSpan.Zero,
        };
    }

    /// <summary>How the next event of a rule is delivered: how late each time.</summary>
    private IReadOnlyList<TimeSpan> Deviation(string rule)
    {
        if (!events.TryDequeue(out var fault))
        {
            return [TimeSpan.Zero];
        }

        cloud.Weather.Count(fault.Kind, rule);
        return fault.Kind switch
        {
            FaultKind.EventTwice => [TimeSpan.Zero, TimeSpan.FromSeconds(fault.Pick)],
            FaultKind.EventLate => [fault.Lasts],
            _ => [],
        };
    }

    private async Task Again(DateTimeOffset due, TimeSpan later)
    {
        await Task.Delay(later, cloud.Clock).ConfigureAwait(false);
        await cloud.World.Service<SchedulerService>().FireNow(SimulatedCloud.Account, SimulatedCloud.HomeRegion, ScheduleGroup, Schedule, due).ConfigureAwait(false);
    }

    private void RunByHand(Fault fault)
    {
        if (Running().FirstOrDefault() is { } run)
        {
            var started = (DescribeExecutionResponse)Answer("states", new DescribeExecutionRequest { ExecutionArn = run.ExecutionArn }, SimulatedCloud.HomeRegion)!;
            var name = $"by-hand-{run.Name[^Math.Min(8, run.Name.Length)..].TrimEnd('Z')}-{fault.Pick}";
            if (Answer("states", new StartExecutionRequest { StateMachineArn = run.StateMachineArn, Name = name, Input = started.Input }, SimulatedCloud.HomeRegion) is not null)
            {
                cloud.Weather.Count(FaultKind.ManualRun, name);
            }
        }
    }

    private void StopByHand()
    {
        if (Running().FirstOrDefault() is { } run && Answer("states", new StopExecutionRequest { ExecutionArn = run.ExecutionArn }, SimulatedCloud.HomeRegion) is not null)
        {
            cloud.Weather.Count(FaultKind.ManualStop, run.Name);
        }
    }

    // Two may overlap: there is room again when the last of them is over.
    private void GiveRoom()
    {
        if (cloud.Clock.GetUtcNow() >= usedUpUntil)
        {
            cloud.Rds.Quotas = usual!;
        }
    }

    private List<ExecutionListItem> Running() => ((ListExecutionsResponse)Answer("states", new ListExecutionsRequest
    {
        StateMachineArn = $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{machine}", StatusFilter = ExecutionStatus.RUNNING,
    }, SimulatedCloud.HomeRegion)!).Executions ?? [];

    /// <summary>A person takes one of the project's snapshots, copies or restored databases away.</summary>
    private void DeleteSomething(int pick)
    {
        var region = pick % 3 == 0 ? SimulatedCloud.HomeRegion : SimulatedCloud.RecoveryRegion;
        var restored = ((DescribeDBInstancesResponse)Answer("rds", new DescribeDBInstancesRequest(), SimulatedCloud.RecoveryRegion)!).DBInstances ?? [];
        var snapshots = cloud.Rds.SnapshotsOf(SimulatedCloud.Account, region).Where(s => s is { Type: "manual", Status: "available" }).ToList();
        if (pick % 3 == 2 && restored.Count > 0 && DeleteRestored(restored[pick % restored.Count].DBInstanceIdentifier))
        {
            return;
        }

        if (snapshots.Count > 0)
        {
            var chosen = snapshots[pick % snapshots.Count];
            Tell($"{chosen.Id} in {chosen.Region}", Delete(chosen));
        }
    }

    /// <returns>False when RDS refuses: it is still being made.</returns>
    private bool DeleteRestored(string id)
    {
        // The first form is for an instance of its own, the second for a cluster's.
        var answer = Answer("rds", new DeleteDBInstanceRequest { DBInstanceIdentifier = id, SkipFinalSnapshot = true }, SimulatedCloud.RecoveryRegion)
            ?? Answer("rds", new DeleteDBInstanceRequest { DBInstanceIdentifier = id }, SimulatedCloud.RecoveryRegion);
        Tell(id, answer);
        return answer is not null;
    }

    private AmazonAnswer? Delete(SnapshotView chosen) => Answer("rds", chosen.Cluster
        ? new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = chosen.Id }
        : new DeleteDBSnapshotRequest { DBSnapshotIdentifier = chosen.Id }, chosen.Region);

    private void Tell(string what, AmazonAnswer? answer)
    {
        if (answer is not null)
        {
            cloud.Weather.Count(FaultKind.ManualDelete, what);
        }
    }

    private void KeyIs(bool enabled)
    {
        var key = ((DescribeKeyResponse)Answer("kms", new DescribeKeyRequest { KeyId = RecoveryKey }, SimulatedCloud.RecoveryRegion)!).KeyMetadata.KeyId;
        Answer("kms", enabled ? new EnableKeyRequest { KeyId = key } : new DisableKeyRequest { KeyId = key }, SimulatedCloud.RecoveryRegion);
    }

    /// <summary>What a service answers a person; null when it refuses. Operations on state answer at once.</summary>
    private AmazonAnswer? Answer(string service, Amazon.Runtime.AmazonWebServiceRequest request, string region)
    {
        try
        {
            return cloud.World.Invoke(person with { Region = region }, service, request).GetAwaiter().GetResult();
        }
        catch (ServiceException)
        {
            // In a state that forbids it: then nothing happens.
            return null;
        }
    }

    private void At(DateTimeOffset when, Action action)
    {
        var wait = when - cloud.Clock.GetUtcNow();
        ITimer? timer = null;
        timer = cloud.Clock.CreateTimer(_ =>
        {
            timer?.Dispose();
            action();
        }, null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
