using System.Collections.Concurrent;
using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Policies">The whole policy file, as deployed with the schedule.</param>
public sealed record WriteCanaryRequest(string Policy, JsonElement Policies);

public sealed record WriteCanaryResult(StepStatus Status, string Reason, int Written);

/// <summary>
/// Once a minute: leaves a sign of life in each database of a policy, so that a restore can tell up to when its data is there. One database that
/// cannot be reached hinders no other; all that failed are told at the end, as an error, so that the function's alarm hears of it.
/// </summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "It reads every database of the Region to select from them.")]
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:dbre/canary/*")]
public sealed class WriteCanary(AwsClients aws, ICanary canary, TimeProvider clock)
{
    /// <summary>How many databases it is connected to at a time: a fleet's hundreds fit its memory, and four times as many that hang fit its time.</summary>
    public const int MostAtOnce = 64;

    // The next minute comes anyway.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [LambdaFunction(Timeout = 50, MemorySize = 512)]
    public async Task<WriteCanaryResult> Handle(WriteCanaryRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var file = PolicyFile.Read(request.Policies);
        var policy = file.Policies.FirstOrDefault(p => p.Name == request.Policy)
            ?? throw new ArgumentException(file.Problems.Count > 0 ? file.Problems[0] : $"policy is '{request.Policy}'; allowed are {string.Join(", ", file.Policies.Select(p => p.Name))}.", nameof(request));
        var fleet = await FleetReader.All(aws.Rds(aws.Home), deadline.Token).ConfigureAwait(false);
        var chosen = fleet.Where(d => Selection.Covers(policy, d) && Lives(d)).OrderBy(d => d.Id, StringComparer.Ordinal).ToList();
        var left = new ConcurrentQueue<Database>(chosen);
        var told = await Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => WriteInTurn(left, deadline.Token))).ConfigureAwait(false);
        var failures = told.SelectMany(t => t).Order(StringComparer.Ordinal).ToList();
        return failures.Count == 0
            ? new WriteCanaryResult(StepStatus.Ready, $"{Plural.Of(chosen.Count, "database has", "databases have")} a sign of life.", chosen.Count)
            : throw new InvalidOperationException($"{failures.Count} of {Plural.Of(chosen.Count, "database has", "databases have")} no sign of life. {string.Join(" ", failures)}");
    }

    /// <summary>A replica cannot be written to, and has its source's canary.</summary>
    internal static bool Lives(Database database) => database is { IsReadReplica: false, Address: not null, Status: "available" or "backing-up" or "storage-optimization" };

    /// <summary>One after another, until none is left.</summary>
    /// <returns>Why each that failed did.</returns>
    private async Task<IReadOnlyList<string>> WriteInTurn(ConcurrentQueue<Database> left, CancellationToken stop)
    {
        var failures = new List<string>();
        while (left.TryDequeue(out var database))
        {
            if (await Write(database, stop).ConfigureAwait(false) is { } failure)
            {
                failures.Add($"'{database.Id}': {failure}");
            }
        }

        return failures;
    }

    /// <returns>Why it failed; null when it did not.</returns>
    private async Task<string?> Write(Database database, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            var login = await DatabaseLogin.Read(aws.Secrets(aws.Home), DatabaseLogin.CanarySecretOf(database.Id), either.Token).ConfigureAwait(false);
            await canary.Write(database.Engine, database.Address!, database.Port, login, either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stop.IsCancellationRequested ? "there was no time left for it." : $"it did not answer in {Longest.TotalSeconds:0} s.";
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // Whatever it is, the other databases are still written, and it is told at the end.
            return failed.Message;
        }
    }
}
