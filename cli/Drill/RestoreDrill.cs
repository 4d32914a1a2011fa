using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Cli.Report;
using Dbre.Cli.Runs;
using Dbre.Cli.Terminal;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Restore;
using Dbre.Functions.Runtime;
using Dbre.Lab.Host;

namespace Dbre.Cli.Drill;

/// <summary>
/// The point-in-time restore, rehearsed: under a running load a witness writes down what a database holds at a second, then somebody does damage,
/// and the deployed flow restores it to that second, beside the live one or in its place. What it claims is checked against the witness.
/// </summary>
internal sealed class RestoreDrill(LabHost lab, Progress progress, TimeProvider clock)
{
    private const string Region = "us-east-1";
    private const string Account = "111111111111";
    private const string Requester = "arn:aws:iam::111111111111:user/who-dropped-it";
    private const string Approver = "arn:aws:iam::111111111111:user/lab";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly RestoreCase[] Cases =
    [
        new("shop", DrillEngine.PostgreSql, "replace", "a dropped table", "DROP TABLE customers"),
        new("till", DrillEngine.PostgreSql, "beside", "an UPDATE without WHERE", "UPDATE customers SET name = 'oops'"),
        new("desk", DrillEngine.PostgreSql, "beside", "a DELETE without WHERE", "DELETE FROM customers"),
        new("shop-mariadb", DrillEngine.MariaDb, "replace", "a dropped table", "DROP TABLE customers"),
        new("till-mariadb", DrillEngine.MariaDb, "beside", "an UPDATE without WHERE", "UPDATE customers SET name = 'oops'"),
        new("desk-mariadb", DrillEngine.MariaDb, "beside", "a DELETE without WHERE", "DELETE FROM customers"),
    ];

    private readonly LabClients clients = new(lab.Address);

    /// <summary>What the clients saw: how long each application was without its database.</summary>
    public JsonArray Clients { get; } = [];

    /// <summary>Adds the evidence of each restore to <paramref name="records"/>, also when it is not what it should be.</summary>
    /// <remarks>
    /// All are made, then all are damaged, then all are restored side by side, as in the night in which a bad deployment reached them all: each RTO is
    /// what it took on a machine that was busy with the others.
    /// </remarks>
    /// <exception cref="DrillException">A proof did not hold.</exception>
    public async Task Run(JsonArray records, CancellationToken stop)
    {
        var made = await Task.WhenAll(Cases.Select(c => Make(c, stop))).ConfigureAwait(false);
        var hit = await Task.WhenAll(made.Select(m => Hit(m, stop))).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(hit.Select(h => Restore(h, records, stop))).ConfigureAwait(false);
        }
        finally
        {
            foreach (var (_, load, _, _) in hit)
            {
                await load.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<MadeCase> Make(RestoreCase example, CancellationToken stop)
    {
        var fleet = new DrillFleet(clients, Region, lab.DatabaseAuthorityFile, clock);
        progress.At(example.Database, "make and fill the server", share: null);
        var made = await fleet.MakeLoaded(new DrillDatabase(example.Database, example.Engine, Cluster: false, 5_000, example.Engine.Shop), stop).ConfigureAwait(false);
        progress.End(example.Database, Wording.Invariant($"{example.Engine.Name} instance in {Region} with {Wording.Count(made.Rows)} rows"), failed: false);
        return new MadeCase(example, made);
    }

    /// <summary>Writes to a database all the time, writes down what it holds at a second, and does the damage just after it.</summary>
    private async Task<HitCase> Hit(MadeCase made, CancellationToken stop)
    {
        var example = made.Case;
        var load = new WriteLoad(made.Database, clock);
        load.Begin();
        try
        {
            var (second, expected) = await Witness(load, made, stop).ConfigureAwait(false);
            await made.Database.Execute([example.Damage], stop).ConfigureAwait(false);
            progress.Say($"{example.Database}: {example.What}, just after {second:HH:mm:ss}. It is restored to that second, {(example.Purpose == "replace" ? "in its place" : "beside it")}.");
            return new HitCase(made, load, second, expected);
        }
        catch
        {
            await load.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task Restore(HitCase hit, JsonArray records, CancellationToken stop)
    {
        var (example, load) = (hit.Made.Case, hit.Load);
        await Restorable(example.Database, hit.Second, stop).ConfigureAwait(false);
        load.Forget();
        var approving = Task.CompletedTask;
        var record = await new DrillExecutions(clients, Account, Region, progress, clock).Follow("pitr-restore", Started, stop, example.Database).ConfigureAwait(false);
        lock (records)
        {
            records.Add(record);
            Clients.Add(new JsonObject
            {
                ["operationId"] = (string)record["operationId"]!, ["database"] = example.Database, ["engine"] = example.Engine.Name, ["damage"] = example.What, ["purpose"] = example.Purpose,
                ["rowsWritten"] = load.Written, ["longestOutageSeconds"] = Math.Round(load.LongestGap.TotalSeconds, 2),
            });
        }

        progress.Say(Wording.Invariant($"{example.Database}: its application wrote {load.Written} rows meanwhile, and was at most {load.LongestGap.TotalSeconds:0.0} s without a database."));
        await Check(hit, record, stop).ConfigureAwait(false);
        await approving.ConfigureAwait(false);

        async Task<string> Started(CancellationToken bounded)
        {
            var (name, arn) = await Start(hit, bounded).ConfigureAwait(false);
            approving = example.Purpose == "replace" ? Approve(name, arn, bounded) : Task.CompletedTask;
            return arn;
        }
    }

    /// <summary>What the database holds at a whole second, when nothing is being written.</summary>
    private async Task<(DateTimeOffset Second, IReadOnlyList<ExpectedTable> Expected)> Witness(WriteLoad load, MadeCase made, CancellationToken stop)
    {
        await Until(clock.GetUtcNow().AddSeconds(2), stop).ConfigureAwait(false);
        using var still = await load.Still(stop).ConfigureAwait(false);
        var at = made.Database;
        var measured = await new DatabaseMeasurement(lab.DatabaseAuthorityFile, clock).Measure(at.Engine.Name, at.Address, at.Port, at.Login, stop).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        await Until(second.AddMilliseconds(50), stop).ConfigureAwait(false);
        return (second, [.. measured.Tables.Select(t => new ExpectedTable(t.Table, t.Rows, t.Checksum))]);
    }

    private async Task Restorable(string database, DateTimeOffset second, CancellationToken stop)
    {
        using var rds = clients.Rds(Region);
        var give = clock.GetUtcNow() + LongestWait;
        while (await SourceReader.Find(rds, database, stop).ConfigureAwait(false) is var source && !(source?.Latest >= second))
        {
            if (clock.GetUtcNow() > give)
            {
                throw new DrillException($"'{database}' can be restored to {source?.Latest:HH:mm:ss}, not to {second:HH:mm:ss}, after {LongestWait.TotalSeconds:0} s.");
            }

            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }
    }

    private async Task<(string Name, string Arn)> Start(HitCase hit, CancellationToken stop)
    {
        var example = hit.Made.Case;
        using var flows = clients.Flows(Region);
        var machine = (await flows.ListStateMachinesAsync(new ListStateMachinesRequest(), stop).ConfigureAwait(false)).StateMachines.Single(m => m.Name == "pitr-restore");
        var name = $"pitr-restore-{example.Database}-{clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        var input = new JsonObject
        {
            ["source"] = example.Database, ["to"] = hit.Second.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = $"{example.Database}-restored",
            ["purpose"] = example.Purpose, ["requestedBy"] = Requester, ["expected"] = JsonSerializer.SerializeToNode(hit.Expected, FunctionJson.Options),
        };
        var started = await flows.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = machine.StateMachineArn, Name = name, Input = input.ToJsonString() }, stop).ConfigureAwait(false);
        return (name, started.ExecutionArn);
    }

    /// <summary>Somebody else reads the question, and approves.</summary>
    private async Task Approve(string operation, string execution, CancellationToken stop)
    {
        using var flows = clients.Flows(Region);
        using var tables = clients.Tables(Region);
        var ledger = new Ledger(tables, Decision.LedgerTable, clock);
        var give = clock.GetUtcNow() + LongestWait;
        while (clock.GetUtcNow() < give && await ledger.ReadApproval(operation, stop).ConfigureAwait(false) is null
            && (await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution }, stop).ConfigureAwait(false)).StopDate is null)
        {
            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }

        try
        {
            var asked = await Decision.Make(ledger, flows, operation, Approver, why: null, stop).ConfigureAwait(false);
            progress.Say($"{asked.Question} Approved by {Approver}.");
        }
        catch (BadInputException refused)
        {
            throw new DrillException($"The approval of '{operation}' was refused: {refused.Message}");
        }
    }

    private async Task Check(HitCase hit, JsonObject record, CancellationToken stop)
    {
        var ((example, made), load, _, expected) = hit;
        var measured = record["measured"]!;
        var rows = expected.Sum(e => e.Rows);
        var problem = new (bool Holds, string Sentence)[]
        {
            ((string)record["outcome"]! == "Succeeded", $"The restore of '{example.Database}' ended {record["outcome"]}: {record["reason"]}"),
            ((string?)record["inputs"]!["engine"] == example.Engine.Name, $"The evidence of '{example.Database}' says engine {record["inputs"]!["engine"]}; it is {example.Engine.Name}."),
            (EvidenceStore.Hash(record) == (string)record["hash"]!, "The evidence does not match its hash."),
            ((long?)measured["rowsExpected"] == rows && (long?)measured["rowsFound"] == rows, $"{measured["rowsFound"]} of {measured["rowsExpected"]} rows were found; the witness counted {rows}."),
            ((bool?)measured["checksumsEqual"] == true, $"Not all checksums of '{example.Database}' are as the witness wrote them down."),
            ((double?)measured["rpoSeconds"] is >= 0 and < 3, $"The RPO of '{example.Database}' is {measured["rpoSeconds"]} s, with a sign of life every 20 ms and a witness who needs a second or two."),
        }.FirstOrDefault(check => !check.Holds).Sentence;
        if (problem is not null)
        {
            throw new DrillException(problem);
        }

        if (example.Purpose == "replace")
        {
            // The application goes on by itself, on the restored data, through the endpoint that it always had.
            var before = load.Written;
            await Until(clock.GetUtcNow().AddSeconds(1), stop).ConfigureAwait(false);
            var customers = await made.Count(stop, "customers").ConfigureAwait(false);
            if (load.Written == before || customers != expected.Single(e => e.Table.EndsWith(".customers", StringComparison.Ordinal)).Rows)
            {
                throw new DrillException($"After the swap the application {(load.Written == before ? "cannot write" : $"sees {customers} customers")} through the endpoint of '{example.Database}'.");
            }
        }
    }

    private Task Until(DateTimeOffset time, CancellationToken stop) => time - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? Task.Delay(left, clock, stop) : Task.CompletedTask;

    /// <param name="What">The damage, in words.</param>
    private sealed record RestoreCase(string Database, DrillEngine Engine, string Purpose, string What, string Damage);

    private sealed record MadeCase(RestoreCase Case, LoadedDatabase Database);

    /// <param name="Second">Just before the damage.</param>
    /// <param name="Expected">What the witness wrote down.</param>
    private sealed record HitCase(MadeCase Made, WriteLoad Load, DateTimeOffset Second, IReadOnlyList<ExpectedTable> Expected);
}
