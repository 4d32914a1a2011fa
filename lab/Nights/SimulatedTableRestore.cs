using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Snapshots;
using Dbre.Lab.Nights.Invariants;
using Dbre.Lab.Services;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Simulation;

using Tag = Amazon.DynamoDBv2.Model.Tag;

namespace Dbre.Lab.Nights;

/// <summary>What of a table is restored in a simulated account.</summary>
/// <param name="Assembly">The cloud assembly to deploy.</param>
public sealed record TableRestoreOptions(string Assembly, string Purpose)
{
    public TablePace Pace { get; init; } = TablePace.AsAws;

    /// <summary>A backup that somebody took at the whole second, instead of the second itself.</summary>
    public bool FromBackup { get; init; }

    /// <summary>The table is deleted in the end, and restored as it was then.</summary>
    public bool Deleted { get; init; }

    /// <summary>Does something to the cloud before anything is there, for tests that take something away.</summary>
    public Action<SimulatedCloud>? Prepare { get; init; }
}

/// <summary>
/// One simulated account with a DynamoDB table in which somebody deletes and overwrites items at a known second; an engineer restores it to the
/// second before, and what must always hold is checked.
/// </summary>
public sealed class SimulatedTableRestore : ISimulatedAccount
{
    public const string Source = "Orders";
    private const string Backup = "by-hand";
    private const int Items = 40;

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    private readonly TableRestoreOptions options;
    private readonly SimulatedFleet fleet;
    private readonly List<Violation> violations = [];
    private readonly List<string> proven = [];
    private readonly Invariant[] invariants;
    private readonly CallContext witness;
    private readonly string[] witnessed;
    private readonly string[] left;

    public SimulatedTableRestore(TableRestoreOptions options)
    {
        this.options = options;
        Cloud = SimulatedCloud.Deploy(new SimulationGround(1, Start, options.Assembly) { Tables = options.Pace }, c => new FunctionsInProcess(c, SafetyRules.InForce).Run);
        options.Prepare?.Invoke(Cloud);
        fleet = SimulatedFleet.Make(Cloud, []);
        fleet.NeverDrill();
        witness = Cloud.World.Iam.ContextForUser(Cloud.World.Iam.CreateUser(SimulatedCloud.Account, "witness", "AKIAWITNESS", "witness").Arn, SimulatedCloud.HomeRegion);
        MakeTable();
        Cloud.Clock.Advance(TimeSpan.FromMinutes(30));
        WholeUntil = Second(Cloud.Clock.GetUtcNow()).AddSeconds(1);
        Cloud.Clock.Advance(WholeUntil.AddMilliseconds(500) - Cloud.Clock.GetUtcNow());
        var whole = Content(Source);
        Damage();
        left = Content(Source);
        witnessed = options.Deleted ? left : whole;
        if (options.Deleted)
        {
            Do<DeleteTableResponse>("dynamodb", new DeleteTableRequest { TableName = Source });
        }

        Cloud.Clock.Advance(TimeSpan.FromMinutes(20));

        invariants = [new OneOperationPerDatabase(Cloud), new NothingIsForbidden(Cloud)];
        foreach (var invariant in invariants)
        {
            invariant.Found = Violated;
        }

        Cloud.Weather.Done += (call, invocation) => Each(i => i.Done(call, invocation));
        Cloud.Weather.Ended += (invocation, answer) =>
        {
            Each(i => i.Ended(invocation, answer));
            // Only what the state machine heard of counts as proven; an answer that was lost is asked for again.
            if (invocation.Function.Name == "dbre-prove-table" && answer.Payload.Length > 0 && Truth.Read(answer.Payload, "status")?.GetString() == "Ready")
            {
                proven.Add(Truth.Read(invocation.Payload, "plan", "as")!.Value.GetString()!);
                CheckContent(proven[^1]);
            }
        };
    }

    public SimulatedCloud Cloud { get; }

    /// <summary>The last second before the damage.</summary>
    public DateTimeOffset WholeUntil { get; }

    public string As => options.Purpose == "drill" ? $"dbre-drill-{Source}" : $"{Source}-restored";

    /// <summary>The tables whose proof the state machine heard of.</summary>
    public IReadOnlyList<string> Proven => proven;

    /// <summary>Starts the restore as an engineer would; another name is another operation.</summary>
    /// <param name="name">The operation's.</param>
    /// <param name="suffix">What the restored table's name has in addition; another attempt needs another name.</param>
    /// <param name="off">By how many items the witness is wrong.</param>
    public void Ask(string name, string? suffix = null, int off = 0)
    {
        var to = options.FromBackup ? $"snapshot:{Backup}" : options.Deleted ? "latest" : WholeUntil.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var input = new JsonObject
        {
            ["source"] = Source, ["to"] = to, ["as"] = suffix is null ? As : $"{As}-{suffix}", ["purpose"] = options.Purpose, ["requestedBy"] = SimulatedRestore.Requester,
            ["expected"] = new JsonArray(new JsonObject { ["table"] = Source, ["rows"] = witnessed.Length + off }),
        };
        Do<StartExecutionResponse>("states", new StartExecutionRequest { StateMachineArn = Machine, Name = name, Input = input.ToJsonString() });
    }

    public ExecutionStatus StatusOf(string name) => Execution(name).Status;

    public string? CauseOf(string name) => Execution(name).Cause;

    /// <summary>What a run that succeeded says of itself.</summary>
    public string? OutputOf(string name) => Execution(name).Output;

    public void Stop(string name) => Do<StopExecutionResponse>("states", new StopExecutionRequest { ExecutionArn = ArnOf(name), Error = "Stopped", Cause = "Somebody stopped it." });

    public T Do<T>(string service, AmazonWebServiceRequest request) where T : AmazonWebServiceResponse => fleet.Do<T>(service, request);

    /// <summary>A table as DynamoDB describes it; null when there is none.</summary>
    public TableDescription? Table(string name) => Names.Contains(name) ? Do<DescribeTableResponse>("dynamodb", new DescribeTableRequest(name)).Table : null;

    /// <summary>The tables that there are.</summary>
    public IReadOnlyList<string> Names => Do<ListTablesResponse>("dynamodb", new ListTablesRequest()).TableNames;

    /// <summary>What a run wrote down of itself; null when it left nothing.</summary>
    public string? Evidence(string name)
    {
        var item = Do<GetItemResponse>("dynamodb", new GetItemRequest
        {
            TableName = "dbre-ledger", Key = new Dictionary<string, AttributeValue> { ["pk"] = new("evidence#table-restore"), ["sk"] = new($"record#{name}") },
        }).Item;
        return item is { Count: > 0 } ? item["reason"].S : null;
    }

    /// <summary>What must hold once all is over.</summary>
    public IReadOnlyList<Violation> AtTheEnd()
    {
        Each(i => i.AtTheEnd());
        if (!options.Deleted && !Content(Source).SequenceEqual(left))
        {
            Violated("the source is not touched", $"'{Source}' holds something else than before the restore.");
        }

        foreach (var run in Runs())
        {
            if (run.Status == ExecutionStatus.RUNNING)
            {
                Violated("no execution hangs", $"{run.Name} still runs.");
            }
            else if (Evidence(run.Name) is null)
            {
                Violated("safety rule 6, evidence", $"{run.Name} left no record.");
            }
            else if (run.Status == ExecutionStatus.SUCCEEDED && options.Purpose != "drill" && !options.Deleted)
            {
                CheckSettings(Truth.Read(System.Text.Encoding.UTF8.GetBytes(Execution(run.Name).Input), "as")!.Value.GetString()!);
            }
        }

        if (Names.FirstOrDefault(name => name.StartsWith("dbre-drill-", StringComparison.Ordinal)) is { } forgotten)
        {
            Violated("a drill leaves nothing", $"'{forgotten}' is still there.");
        }

        return violations;
    }

    public void Dispose() => Cloud.Dispose();

    private static string Machine => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:table-restore";

    private static DateTimeOffset Second(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static string ArnOf(string name) => $"{Machine.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";

    private void MakeTable()
    {
        var key = Do<CreateKeyResponse>("kms", new CreateKeyRequest()).KeyMetadata.KeyId;
        Do<CreateTableResponse>("dynamodb", new CreateTableRequest
        {
            TableName = Source, BillingMode = BillingMode.PAY_PER_REQUEST, DeletionProtectionEnabled = !options.Deleted, Tags = [new Tag { Key = "team", Value = "orders" }],
            AttributeDefinitions = [new("customer", "S"), new("number", "N"), new("state", "S")], KeySchema = [new("customer", "HASH"), new("number", "RANGE")],
            GlobalSecondaryIndexes = [new() { IndexName = "by-state", KeySchema = [new("state", "HASH"), new("number", "RANGE")], Projection = new() { ProjectionType = "ALL" } }],
            SSESpecification = new SSESpecification { Enabled = true, SSEType = SSEType.KMS, KMSMasterKeyId = key },
            StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY },
        });
        Do<UpdateTimeToLiveResponse>("dynamodb", new UpdateTimeToLiveRequest { TableName = Source, TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = "until", Enabled = true } });
        Do<UpdateContinuousBackupsResponse>("dynamodb", new UpdateContinuousBackupsRequest
        {
            TableName = Source, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true, RecoveryPeriodInDays = 7 },
        });
        for (var i = 0; i < Items; i++)
        {
            Put(i, "open");
        }
    }

    private void Damage()
    {
        if (options.FromBackup)
        {
            Do<CreateBackupResponse>("dynamodb", new CreateBackupRequest { TableName = Source, BackupName = Backup });
        }

        for (var i = 0; i < Items; i += 2)
        {
            Do<DeleteItemResponse>("dynamodb", new DeleteItemRequest { TableName = Source, Key = Key(i) });
        }

        Put(1, "lost");
    }

    private void Put(int i, string state)
    {
        var item = Key(i);
        item["state"] = new AttributeValue(state);
        item["lines"] = new AttributeValue { L = [new("a"), new AttributeValue { M = new() { ["price"] = new AttributeValue { N = $"{i}.5" } } }] };
        item["tags"] = new AttributeValue { SS = ["x", $"y{i}"] };
        Do<PutItemResponse>("dynamodb", new PutItemRequest { TableName = Source, Item = item });
    }

    private static Dictionary<string, AttributeValue> Key(int i) => new() { ["customer"] = new($"c{i % 7}"), ["number"] = new AttributeValue { N = i.ToString(CultureInfo.InvariantCulture) } };

    // It answers at once: DynamoDB's operations run under the world's lock. So it may be asked in the middle of a function's answer.
    private string[] Content(string table) =>
    [
        .. ((ScanResponse)Cloud.World.Invoke(witness, "dynamodb", new ScanRequest(table)).GetAwaiter().GetResult()).Items
            .Select(i => Document.FromAttributeMap(new(i.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary())).ToJson()).Order(StringComparer.Ordinal),
    ];

    private void CheckContent(string table)
    {
        if (!Content(table).SequenceEqual(witnessed))
        {
            Violated("a proof is true", $"'{table}' was said to be proven, and does not hold what '{Source}' held at {WholeUntil:O}.");
        }
    }

    private void CheckSettings(string table)
    {
        var (was, now) = (Settings(Source), Settings(table));
        if (was != now)
        {
            Violated("it is configured as the source was", $"'{Source}' has {was} and '{table}' has {now}.");
        }
    }

    private string Settings(string table)
    {
        var found = Table(table)!;
        var recovery = Do<DescribeContinuousBackupsResponse>("dynamodb", new DescribeContinuousBackupsRequest { TableName = table }).ContinuousBackupsDescription.PointInTimeRecoveryDescription;
        var live = Do<DescribeTimeToLiveResponse>("dynamodb", new DescribeTimeToLiveRequest { TableName = table }).TimeToLiveDescription;
        var tags = Do<ListTagsOfResourceResponse>("dynamodb", new ListTagsOfResourceRequest { ResourceArn = found.TableArn }).Tags.Where(t => !t.Key.StartsWith("dbre:", StringComparison.Ordinal));
        return $"protection {found.DeletionProtectionEnabled}, stream {found.StreamSpecification?.StreamViewType?.Value}, recovery {recovery.PointInTimeRecoveryStatus.Value} {recovery.RecoveryPeriodInDays}, time to live {live.AttributeName}, tags {string.Join(", ", tags.Select(t => $"{t.Key}={t.Value}"))}";
    }

    private DescribeExecutionResponse Execution(string name) => Do<DescribeExecutionResponse>("states", new DescribeExecutionRequest { ExecutionArn = ArnOf(name) });

    private List<ExecutionListItem> Runs() => Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = Machine, MaxResults = 100 }).Executions ?? [];

    private void Violated(string rule, string what) => violations.Add(new Violation(rule, Cloud.Clock.GetUtcNow(), what));

    private void Each(Action<Invariant> check)
    {
        foreach (var invariant in invariants)
        {
            check(invariant);
        }
    }
}
