using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.DynamoDBv2.Model;
using Amazon.EC2.Model;
using Amazon.RDS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core;
using Dbre.Functions.Restore;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights.Invariants;
using Dbre.Lab.Services;
using Dbre.Lab.Simulation;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Lab.Nights;

/// <summary>What is restored in a simulated account.</summary>
/// <param name="Assembly">The cloud assembly to deploy.</param>
/// <param name="Cluster">An Aurora cluster instead of an instance.</param>
public sealed record RestoreOptions(int Seed, string Assembly, bool Cluster, string Purpose)
{
    public RestoreRules Rules { get; init; } = RestoreRules.InForce;

    public StubPace Pace { get; init; } = StubPace.AsAws;

    public bool KeepLog { get; init; }

    /// <summary>Somebody stops the run in the moment in which it asks for its n-th renaming; 0 is never.</summary>
    public int StoppedAtRenaming { get; init; }

    /// <summary>A snapshot taken at the whole second, instead of the second itself.</summary>
    public bool FromSnapshot { get; init; }

    /// <summary>Somebody deletes the database after the damage, and its backups are retained; with <see cref="Elsewhere"/> only those that are replicated.</summary>
    public bool Gone { get; init; }

    /// <summary>What is gone is restored under the name that it had.</summary>
    public bool UnderItsOwnName { get; init; }

    /// <summary>The class that the engineer gives; null is none.</summary>
    public string? InstanceClass { get; init; }

    /// <summary>AWS sells the source's class no more.</summary>
    public bool ClassEnded { get; init; }

    /// <summary>Restored to the latest second, with the damage: what a clone is.</summary>
    public bool ToLatest { get; init; }

    /// <summary>In the recovery Region: to the second from backups that are replicated to there, a cluster from a copy of its snapshot.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>With <see cref="Elsewhere"/>: somebody deletes the security group that the engineer gives.</summary>
    public bool SecurityGroupGone { get; init; }

    /// <summary>Does something to the cloud before anything is there, for tests that take something away.</summary>
    public Action<SimulatedCloud>? Prepare { get; init; }

    /// <summary>Who decides; the requester may not.</summary>
    public string DecidedBy { get; init; } = SimulatedRestore.Approver;

    /// <summary>Whether somebody approves, minutes after being asked; null is nobody.</summary>
    public bool? Approves { get; init; } = true;
}

/// <summary>
/// One simulated account with a database that grows all the time and loses a table's rows at a known second; an engineer restores it to the second
/// before, somebody else approves, and what must always hold is checked.
/// </summary>
public sealed class SimulatedRestore : ISimulatedAccount
{
    public const string Requester = "arn:aws:iam::111111111111:user/engineer";
    public const string Approver = "arn:aws:iam::111111111111:user/approver";
    private const string Table = "dbre-ledger";
    private const int MonitoredEvery = 15;
    private const string Tuned = "tuned";

    // Each Region has a key of its own under this name.
    private const string RegionsKey = "alias/dbre";

    // As a client presigns the call for the source's Region.
    private const string PreSigned = $"https://rds.us-east-1.amazonaws.com/?X-Amz-Credential=AKIA%2F20261120%2F{SimulatedCloud.HomeRegion}%2Frds%2Faws4_request";

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Decides = TimeSpan.FromMinutes(5);

    private readonly RestoreOptions options;
    private readonly SimulatedFleet fleet;
    private readonly CallContext approver;
    private readonly List<Violation> violations = [];
    private readonly HashSet<string> provenIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> witnessed;
    private readonly string oldId;
    private readonly Invariant[] invariants;
    private int renamings;

    public SimulatedRestore(RestoreOptions options)
    {
        this.options = options;
        Cloud = SimulatedCloud.Deploy(
            new SimulationGround(options.Seed, Start, options.Assembly) { KeepLog = options.KeepLog, Pace = options.Pace },
            c => new FunctionsInProcess(c, SafetyRules.InForce, services => services.AddSingleton(options.Rules)).Run);
        options.Prepare?.Invoke(Cloud);
        fleet = SimulatedFleet.Make(Cloud, [options.Cluster ? 4 : 3]);
        fleet.NeverDrill();
        approver = Cloud.World.Iam.ContextForUser(Cloud.World.Iam.CreateUser(SimulatedCloud.Account, "approver", "AKIAAPPROVER", "approver").Arn, SimulatedCloud.HomeRegion);
        oldId = Holder(Source)!.ResourceId;

        Configure();

        // Backups have to be there before the damage, and its second has to be in the log.
        Cloud.Clock.Advance(TimeSpan.FromHours(1));
        if (options.Elsewhere)
        {
            PrepareElsewhere();
        }

        Cloud.Clock.Advance(TimeSpan.FromHours(1));
        WholeUntil = Second(Cloud.Clock.GetUtcNow());
        Cloud.Clock.Advance(WholeUntil.AddSeconds(1) - Cloud.Clock.GetUtcNow());
        TakeSnapshot();
        var database = Cloud.Engine.At(Holder(Source)!.Port)!;
        witnessed = database.Tables.Where(t => t.Key != "event").ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        database.Write("account", -database.Tables["account"]);
        Cloud.Clock.Advance(TimeSpan.FromMinutes(20));
        if (options.Gone)
        {
            Delete();
        }

        if (options.ClassEnded)
        {
            Cloud.Rds.EndedClasses.Add(options.Cluster ? "db.r6g.large" : "db.t4g.medium");
        }

        Begun = Cloud.Clock.GetUtcNow();

        invariants = [new OneOperationPerDatabase(Cloud), new NoPasswordGetsOut(Cloud), new NothingIsForbidden(Cloud)];
        foreach (var invariant in invariants)
        {
            invariant.Found = (rule, what) => violations.Add(new Violation(rule, Cloud.Clock.GetUtcNow(), what));
        }

        Cloud.Weather.Done += (call, invocation) =>
        {
            Each(i => i.Done(call, invocation));
            if (invocation.Function.Name == "dbre-swap-names" && call.Operation is "ModifyDBInstance" or "ModifyDBCluster" && ++renamings == options.StoppedAtRenaming)
            {
                Now("states", new StopExecutionRequest { ExecutionArn = ArnOf("op"), Error = "Stopped", Cause = "Somebody stopped it." });
            }
        };
        Cloud.Weather.Ended += (invocation, answer) =>
        {
            Each(i => i.Ended(invocation, answer));
            Look(invocation, answer.Payload);
        };
    }

    public SimulatedCloud Cloud { get; }

    /// <summary>The last second before the damage.</summary>
    public DateTimeOffset WholeUntil { get; }

    public DateTimeOffset Begun { get; }

    public string Source => fleet.Databases[0];

    /// <summary>Where it is restored.</summary>
    public string Region => options.Elsewhere ? SimulatedCloud.RecoveryRegion : SimulatedCloud.HomeRegion;

    public string As => options.Purpose == "drill" ? $"dbre-drill-{Source}" : options.UnderItsOwnName ? Source : $"{Source}-restored";

    /// <summary>The group that the engineer gives, where the source's are of another Region; null is none.</summary>
    public string? SecurityGroup { get; private set; }

    /// <summary>Starts the restore as an engineer would; another name is another operation.</summary>
    /// <param name="name">The operation's.</param>
    /// <param name="suffix">What the restored database's name has in addition; another attempt needs another name.</param>
    /// <param name="off">By how many rows the witness is wrong.</param>
    public void Ask(string name, string? suffix = null, long off = 0)
    {
        var input = new JsonObject
        {
            ["source"] = Source, ["to"] = options.ToLatest ? "latest" : options.FromSnapshot ? $"snapshot:{Snapshot}" : WholeUntil.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = suffix is null ? As : $"{As}-{suffix}",
            ["purpose"] = options.Purpose, ["requestedBy"] = Requester,
            ["instanceClass"] = options.InstanceClass, ["region"] = options.Elsewhere ? Region : null, ["securityGroups"] = SecurityGroup is { } group ? new JsonArray(group) : null,
            ["expected"] = options.ToLatest ? null : new JsonArray([.. witnessed.Select(t => new JsonObject { ["table"] = $"app.public.{t.Key}", ["rows"] = t.Value + off, ["checksum"] = $"{t.Value + off}/0" })]),
        };
        fleet.Do<StartExecutionResponse>("states", new StartExecutionRequest { StateMachineArn = Machine, Name = name, Input = input.ToJsonString() });
    }

    public ExecutionStatus StatusOf(string name) => Execution(name).Status;

    public string? CauseOf(string name) => Execution(name).Cause;

    public T Do<T>(string service, Amazon.Runtime.AmazonWebServiceRequest request) where T : Amazon.Runtime.AmazonWebServiceResponse => fleet.Do<T>(service, request);

    /// <summary>The same where it is restored.</summary>
    public T DoThere<T>(string service, Amazon.Runtime.AmazonWebServiceRequest request) where T : Amazon.Runtime.AmazonWebServiceResponse => fleet.Do<T>(service, request, Region);

    /// <summary>Somebody stops the run.</summary>
    public void Stop(string name) => fleet.Do<StopExecutionResponse>("states", new StopExecutionRequest { ExecutionArn = ArnOf(name), Error = "Stopped", Cause = "Somebody stopped it." });

    /// <summary>Who has a name now; null is nobody.</summary>
    public NamedDatabase? Holder(string id, string region = SimulatedCloud.HomeRegion) => options.Cluster
        ? (fleet.Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest(), region).DBClusters ?? []).Where(c => c.DBClusterIdentifier == id)
            .Select(c => new NamedDatabase(id, c.DbClusterResourceId, c.DBClusterArn, c.Status, c.Endpoint, c.Port ?? 0, null)).FirstOrDefault()
        : (fleet.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest(), region).DBInstances ?? []).Where(i => i.DBInstanceIdentifier == id)
            .Select(i => new NamedDatabase(id, i.DbiResourceId, i.DBInstanceArn, i.DBInstanceStatus, i.Endpoint?.Address, i.Endpoint?.Port ?? 0, null)).FirstOrDefault();

    /// <summary>The databases that there are.</summary>
    public IReadOnlyList<string> Names => NamesIn(SimulatedCloud.HomeRegion);

    public IReadOnlyList<string> NamesIn(string region) => [.. (options.Cluster
        ? (fleet.Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest(), region).DBClusters ?? []).Select(c => c.DBClusterIdentifier)
        : (fleet.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest(), region).DBInstances ?? []).Select(i => i.DBInstanceIdentifier)).Order(StringComparer.Ordinal)];

    /// <summary>Whether the name leads to the restored database.</summary>
    public bool Replaced => Holder(Source) is { } holder && holder.ResourceId != oldId;

    /// <summary>Lets time pass until something holds, a second at a time.</summary>
    /// <returns>Whether it came to hold within an hour.</returns>
    public bool Until(Func<bool> holds)
    {
        var end = Cloud.Clock.GetUtcNow().AddHours(1);
        while (!holds() && Cloud.Clock.GetUtcNow() < end)
        {
            Cloud.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return holds();
    }

    /// <summary>What a run wrote down of itself; null when it left nothing.</summary>
    public (string Outcome, string Reason)? Evidence(string name)
    {
        var item = fleet.Do<GetItemResponse>("dynamodb", new GetItemRequest
        {
            TableName = Table, Key = new Dictionary<string, AttributeValue> { ["pk"] = new("evidence#pitr-restore"), ["sk"] = new($"record#{name}") },
        }).Item;
        return item is { Count: > 0 } ? (item["outcome"].S, item["reason"].S) : null;
    }

    /// <summary>What must hold once all is over.</summary>
    public IReadOnlyList<Violation> AtTheEnd()
    {
        Each(i => i.AtTheEnd());
        var holder = Holder(Source);
        if (options.Gone && !options.UnderItsOwnName)
        {
            if (holder is not null)
            {
                Violated("what is gone stays gone", $"'{Source}' leads to {holder.ResourceId}.");
            }
        }
        else if (holder is not { Available: true })
        {
            Violated("one database under the name", $"'{Source}' leads to {(holder is null ? "nothing" : $"a database that is {holder.Status}")}.");
        }
        else if (holder.ResourceId != oldId && !provenIds.Contains(holder.ResourceId))
        {
            Violated("one database under the name", $"'{Source}' leads to {holder.ResourceId}, which was never proven.");
        }

        if (Replaced && !options.Gone && !Runs().Any(run => IsApproved(run.Name)))
        {
            Violated("a swap needs an approval", $"'{Source}' leads to {holder!.ResourceId}, and nobody but who asked for it approved.");
        }

        if (!options.Gone && !Names.Any(name => Holder(name)!.ResourceId == oldId))
        {
            Violated("the old database is kept", $"{oldId} is gone; there are {string.Join(", ", Names)}.");
        }

        foreach (var run in Runs().Where(run => run.Status == ExecutionStatus.RUNNING))
        {
            Violated("no execution hangs", $"{run.Name} still runs.");
        }

        foreach (var run in Runs().Where(run => run.Status != ExecutionStatus.RUNNING && Evidence(run.Name) is null))
        {
            Violated("safety rule 6, evidence", $"{run.Name} left no record.");
        }

        if (Names.Concat(NamesIn(Region)).FirstOrDefault(name => name.StartsWith("dbre-drill-", StringComparison.Ordinal)) is { } left)
        {
            Violated("a drill leaves nothing", $"'{left}' is still there.");
        }

        return violations;
    }

    private bool IsApproved(string operation) =>
        fleet.Do<GetItemResponse>("dynamodb", new GetItemRequest
        {
            TableName = Table, Key = new Dictionary<string, AttributeValue> { ["pk"] = new($"approval#{operation}"), ["sk"] = new("decision") },
        }).Item is { Count: > 0 } item && item["decision"].S == nameof(ApprovalDecision.Approved) && item["decidedBy"].S != Requester;

    public void Dispose() => Cloud.Dispose();

    private string Snapshot => $"{Source}-by-hand";

    // None of this is restored by itself, so that it has to be configured.
    private void Configure()
    {
        var role = Cloud.World.Iam.CreateRole(SimulatedCloud.Account, "rds-monitoring",
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"monitoring.rds.amazonaws.com"},"Action":"sts:AssumeRole"}}""").Arn;
        MakeGroups(SimulatedCloud.HomeRegion);
        if (options.Cluster)
        {
            fleet.Do<ModifyDBClusterResponse>("rds", new ModifyDBClusterRequest
            {
                DBClusterIdentifier = Source, DBClusterParameterGroupName = Tuned, DeletionProtection = true, ManageMasterUserPassword = true, MasterUserSecretKmsKeyId = RegionsKey, ApplyImmediately = true,
            });
            fleet.Do<ModifyDBInstanceResponse>("rds", new ModifyDBInstanceRequest { DBInstanceIdentifier = $"{Source}-1", MonitoringInterval = MonitoredEvery, MonitoringRoleArn = role, ApplyImmediately = true });
        }
        else
        {
            fleet.Do<ModifyDBInstanceResponse>("rds", new ModifyDBInstanceRequest
            {
                DBInstanceIdentifier = Source, DBParameterGroupName = Tuned, OptionGroupName = Tuned, DeletionProtection = true, ManageMasterUserPassword = true, MasterUserSecretKmsKeyId = RegionsKey, MonitoringInterval = MonitoredEvery, MonitoringRoleArn = role,
                ApplyImmediately = true,
            });
        }
    }

    private void MakeGroups(string region)
    {
        if (options.Cluster)
        {
            fleet.Do<CreateDBClusterParameterGroupResponse>(
                "rds", new CreateDBClusterParameterGroupRequest { DBClusterParameterGroupName = Tuned, DBParameterGroupFamily = FamilyOf("aurora-postgresql"), Description = "tuned" }, region);
            return;
        }

        fleet.Do<CreateDBParameterGroupResponse>("rds", new CreateDBParameterGroupRequest { DBParameterGroupName = Tuned, DBParameterGroupFamily = FamilyOf("postgres"), Description = "tuned" }, region);
        fleet.Do<CreateOptionGroupResponse>(
            "rds", new CreateOptionGroupRequest { OptionGroupName = Tuned, EngineName = "postgres", MajorEngineVersion = FamilyOf(""), OptionGroupDescription = "tuned" }, region);
    }

    // The groups that the source names are there too, as whoever prepares to lose a Region sees to.
    private void PrepareElsewhere()
    {
        MakeGroups(Region);
        SecurityGroup = fleet.Do<CreateSecurityGroupResponse>("ec2", new CreateSecurityGroupRequest { GroupName = "recovery", Description = "recovery" }, Region).GroupId;
        if (options.SecurityGroupGone)
        {
            fleet.Do<DeleteSecurityGroupResponse>("ec2", new DeleteSecurityGroupRequest { GroupId = SecurityGroup }, Region);
        }

        if (!options.FromSnapshot && !options.Cluster)
        {
            fleet.Do<StartDBInstanceAutomatedBackupsReplicationResponse>(
                "rds", new StartDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = Holder(Source)!.Arn, KmsKeyId = RegionsKey, BackupRetentionPeriod = 7 }, Region);
        }
    }

    private void CopySnapshot()
    {
        if (options.Cluster)
        {
            fleet.Do<CopyDBClusterSnapshotResponse>("rds", new CopyDBClusterSnapshotRequest { SourceDBClusterSnapshotIdentifier = SnapshotArn("cluster-snapshot"), TargetDBClusterSnapshotIdentifier = Snapshot, KmsKeyId = RegionsKey, PreSignedUrl = PreSigned }, Region);
        }
        else
        {
            fleet.Do<CopyDBSnapshotResponse>("rds", new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = SnapshotArn("snapshot"), TargetDBSnapshotIdentifier = Snapshot, KmsKeyId = RegionsKey, PreSignedUrl = PreSigned }, Region);
        }

        Cloud.Clock.Advance(TimeSpan.FromMinutes(30));
    }

    private string SnapshotArn(string kind) => $"arn:aws:rds:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:{kind}:{Snapshot}";

    private string FamilyOf(string engine) => engine + Cloud.Engine.DefaultVersion.Split('.')[0];

    private void Delete()
    {
        if (options.Cluster)
        {
            fleet.Do<ModifyDBClusterResponse>("rds", new ModifyDBClusterRequest { DBClusterIdentifier = Source, DeletionProtection = false, ApplyImmediately = true });
            fleet.Do<DeleteDBInstanceResponse>("rds", new DeleteDBInstanceRequest { DBInstanceIdentifier = $"{Source}-1" });
            fleet.Do<DeleteDBClusterResponse>("rds", new DeleteDBClusterRequest { DBClusterIdentifier = Source, SkipFinalSnapshot = true, DeleteAutomatedBackups = false });
        }
        else
        {
            fleet.Do<ModifyDBInstanceResponse>("rds", new ModifyDBInstanceRequest { DBInstanceIdentifier = Source, DeletionProtection = false, ApplyImmediately = true });
            fleet.Do<DeleteDBInstanceResponse>("rds", new DeleteDBInstanceRequest { DBInstanceIdentifier = Source, SkipFinalSnapshot = true, DeleteAutomatedBackups = options.Elsewhere });
        }

        Cloud.Clock.Advance(TimeSpan.FromMinutes(20));
    }

    private void TakeSnapshot()
    {
        if (!options.FromSnapshot)
        {
            return;
        }

        if (options.Cluster)
        {
            fleet.Do<CreateDBClusterSnapshotResponse>("rds", new CreateDBClusterSnapshotRequest { DBClusterIdentifier = Source, DBClusterSnapshotIdentifier = Snapshot });
        }
        else
        {
            fleet.Do<CreateDBSnapshotResponse>("rds", new CreateDBSnapshotRequest { DBInstanceIdentifier = Source, DBSnapshotIdentifier = Snapshot });
        }

        Cloud.Clock.Advance(TimeSpan.FromMinutes(30));
        if (options.Elsewhere)
        {
            CopySnapshot();
        }
    }

    /// <summary>The rows of a table of a database, as its server counts them.</summary>
    public long Rows(string id, string table, string region = SimulatedCloud.HomeRegion) => Cloud.Engine.At(Holder(id, region)!.Port)!.Tables[table];

    private static string Machine => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:pitr-restore";

    private static string ArnOf(string name) => $"{Machine.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";

    private static DateTimeOffset Second(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private DescribeExecutionResponse Execution(string name) => fleet.Do<DescribeExecutionResponse>("states", new DescribeExecutionRequest { ExecutionArn = ArnOf(name) });

    private List<ExecutionListItem> Runs() => fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = Machine, MaxResults = 100 }).Executions ?? [];

    private void Violated(string rule, string what) => violations.Add(new Violation(rule, Cloud.Clock.GetUtcNow(), what));

    private void Each(Action<Invariant> check)
    {
        foreach (var invariant in invariants)
        {
            check(invariant);
        }
    }

    private void Look(Invocation invocation, ReadOnlyMemory<byte> answer)
    {
        // Only what the state machine heard of counts as proven; an answer that was lost is asked for again.
        if (invocation.Function.Name == "dbre-prove-restore" && answer.Length > 0 && Truth.Read(answer, "status")?.GetString() == "Ready")
        {
            provenIds.Add(Truth.Read(invocation.Payload, "resourceId")!.Value.GetString()!);
        }
        else if (invocation.Function.Name == "dbre-ask-approval" && options.Approves is { } yes)
        {
            var operation = Truth.Read(invocation.Payload, "operationId")!.Value.GetString()!;
            Cloud.Clock.CreateTimer(_ => Decide(operation, yes), null, Decides, Timeout.InfiniteTimeSpan);
        }
    }

    private void Decide(string operation, bool yes)
    {
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new($"approval#{operation}"), ["sk"] = new("decision") };
        var item = ((GetItemResponse)Now("dynamodb", new GetItemRequest { TableName = Table, Key = key })).Item;
        if (item is not { Count: > 0 } || item["decision"].S != nameof(ApprovalDecision.Open))
        {
            return;
        }

        Now("dynamodb", new UpdateItemRequest
        {
            TableName = Table, Key = key, UpdateExpression = "SET decision = :decision, decidedBy = :by, decidedAt = :at, why = :why",
            ExpressionAttributeValues = new()
            {
                [":decision"] = new(yes ? nameof(ApprovalDecision.Approved) : nameof(ApprovalDecision.Rejected)), [":by"] = new(options.DecidedBy),
                [":at"] = new(Instant.Write(Cloud.Clock.GetUtcNow())), [":why"] = new("the wrong second"),
            },
        });
        try
        {
            Now("states", yes
                ? new SendTaskSuccessRequest { TaskToken = item["token"].S, Output = "{}" }
                : new SendTaskFailureRequest { TaskToken = item["token"].S, Error = "Rejected", Cause = "the wrong second" });
        }
        catch (ServiceException)
        {
            // It waits no more.
        }
    }

    private object Now(string service, Amazon.Runtime.AmazonWebServiceRequest request) => Cloud.World.Invoke(approver, service, request).GetAwaiter().GetResult();
}
