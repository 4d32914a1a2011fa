using Amazon.CDK;

using Constructs;

using Dbre.Infra.Constructs;
using Dbre.Infra.Naming;
using Dbre.Infra.Policies;

namespace Dbre.Infra.Stacks;

/// <summary>The Region of the databases: ledger, evidence, functions, state machines, schedules and alarms.</summary>
public sealed class PrimaryStack : Stack
{
    public PrimaryStack(Construct scope, Sources sources) : base(scope, "DbrePrimary", StackDefaults.Props(
        sources.Settings.Account, sources.Settings.Region, "Database reliability automation: the primary Region."))
    {
        var names = StackDefaults.Names(sources.Settings.Account, sources.Settings.Region);
        var key = new KeyWithAlias(this, "Key", names, [.. sources.OtherAccounts()]);
        key.UseByServicesThatHoldOurData(names);
        var ledger = new LedgerTable(this, "Ledger", key.Key);
        var evidence = new EvidenceBucket(this, "Evidence", names, key.Key, sources.Settings);
        var runs = new RunBucket(this, "Runs", names, key.Key);
        var topic = new NotificationTopic(this, "Notifications", names, key.Key, sources.Settings.NotifyEmail);
        var undelivered = new UndeliveredQueue(this, "Undelivered", topic.Topic);

        var functions = Functions(sources, names, key.Key.KeyArn, undelivered.Queue.QueueArn);
        foreach (var spec in sources.Catalog.Functions)
        {
            _ = new FunctionAlarms(this, spec, functions[spec.ClassName].Name, topic.Topic);
        }

        foreach (var workflow in sources.Workflows)
        {
            var daily = workflow.Name switch
            {
                CleanUpTriggers.Flow => true,
                NightlySchedules.Flow => sources.Policies.Any(policy => ScheduleRhythm.IsDaily(policy.Schedule)),
                NightlySchedules.DrillFlow => sources.Policies.Any(policy => policy.Drill is { } drill && ScheduleRhythm.IsDaily(drill.Schedule)),
                _ => false,
            };
            var flow = new FlowWithAlarms(this, workflow, names, functions, topic.Topic, daily);
            if (workflow.Name == CleanUpTriggers.Flow)
            {
                _ = new CleanUpTriggers(this, "CleanUp", flow.Arn, [.. new[] { NightlySchedules.Flow, NightlySchedules.DrillFlow, "pitr-restore", "table-restore" }.Select(names.StateMachineArn)], undelivered.Queue);
            }

            Output("StateMachine" + workflow.Name.Replace("-", "", StringComparison.Ordinal), flow.Arn, $"The state machine {workflow.Name}.");
        }

        Schedules(sources, functions, undelivered);
        Output("LedgerTable", ledger.Table.TableName, "Runs, locks, the backup catalog and evidence heads.");
        Output("EvidenceBucket", evidence.Bucket.BucketName, "One evidence document per execution.");
        Output("RunBucket", runs.Bucket.BucketName, "The working files of runs, for 90 days.");
        Output("Topic", topic.Topic.TopicArn, "Where runs and alarms report.");
        Output("Key", key.Key.KeyArn, "The key of this Region.");
    }

    private Dictionary<string, FunctionWithDefaults> Functions(Sources sources, Deployed names, string keyArn, string undeliveredArn)
    {
        var caFile = StackDefaults.DatabaseCaFile(this);
        var placement = new FunctionPlacement(
            sources.Settings, names, new ArnFiller(names, sources.Catalog, keyArn, primary: true), StackDefaults.Assets(this, sources),
            spec => FunctionEnvironment.Primary(spec, caFile, names, sources.RecoveryRegions()));
        // A schedule invokes its function asynchronously: what fails there, only Lambda sees.
        return sources.Catalog.Functions.ToDictionary(spec => spec.ClassName, spec => new FunctionWithDefaults(
            this, spec, spec.ClassName is NightlySchedules.Starter or NightlySchedules.Canary ? placement with { FailedEventsQueueArn = undeliveredArn } : placement), StringComparer.Ordinal);
    }

    private void Schedules(Sources sources, Dictionary<string, FunctionWithDefaults> functions, UndeliveredQueue undelivered)
    {
        _ = new NightlySchedules(this, "Schedules", sources, Scheduled(functions, NightlySchedules.Starter), Scheduled(functions, NightlySchedules.Canary), undelivered.Queue);
    }

    private static FunctionWithDefaults Scheduled(Dictionary<string, FunctionWithDefaults> functions, string name) => functions.TryGetValue(name, out var found)
        ? found
        : throw new SynthesisException($"The schedules invoke {name}, a class that is no function; allowed are {string.Join(", ", functions.Keys)}.");

    private void Output(string id, string value, string description) => _ = new CfnOutput(this, id + "Output", new CfnOutputProps { Value = value, Description = description });
}
