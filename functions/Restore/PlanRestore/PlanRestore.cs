using System.Globalization;
using System.Text.Json;

using Amazon.EC2;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="OperationId">The execution's name; a plan that is only shown has one too.</param>
/// <param name="Input">What the execution was started with.</param>
public sealed record PlanRestoreRequest(string OperationId, JsonElement Input);

/// <param name="Problems">Every reason against it.</param>
public sealed record PlanRestoreResult(StepStatus Status, string Reason, IReadOnlyList<string> Problems, RestorePlan? Plan);

/// <summary>Looks at everything that a restore needs before anything is changed, and tells all that is wrong at once.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBInstanceAutomatedBackups", "rds:DescribeDBClusterAutomatedBackups", Why = "A source that is gone and a name that is free have no resource to name.")]
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "A snapshot that somebody misspelt has no resource to name.")]
[Allow("rds:DescribeAccountAttributes", Why = "The account's quotas have no resource scope.")]
[Allow("rds:DescribeOrderableDBInstanceOptions", Why = "What a Region sells has no resource scope.")]
[Allow("rds:DescribeDBSubnetGroups", On = "arn:${Partition}:rds:*:${Account}:subgrp:*")]
[Allow("rds:DescribeDBParameterGroups", On = "arn:${Partition}:rds:*:${Account}:pg:*")]
[Allow("rds:DescribeDBClusterParameterGroups", On = "arn:${Partition}:rds:*:${Account}:cluster-pg:*")]
[Allow("rds:DescribeOptionGroups", On = "arn:${Partition}:rds:*:${Account}:og:*")]
[Allow("ec2:DescribeSecurityGroups", Why = "Describe has no resource scope.")]
[Allow("kms:DescribeKey", On = "arn:${Partition}:kms:*:${Account}:key/*")]
public sealed class PlanRestore(AwsClients aws, Settings settings, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<PlanRestoreResult> Handle(PlanRestoreRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var problems = new List<string>();
        if (RestoreInput.Read(request.Input, problems)?.InLowerCase() is not { } input || Where(input, problems) is not { } at)
        {
            return Refused(problems);
        }

        input = at == aws.Home ? input with { Region = null } : input;
        var rds = aws.Rds(at);
        var source = await SourceReader.Find(aws.Rds(aws.Home), input.Source, deadline.Token).ConfigureAwait(false);
        if (at != aws.Home)
        {
            source = await SourceReader.Elsewhere(rds, source, input.Source, aws.Home.Region, deadline.Token).ConfigureAwait(false);
        }

        var keptAs = KeptAs(input.Source, Started(request.OperationId) ?? clock.GetUtcNow());
        var kind = source?.Kind ?? DatabaseKind.Instance;
        var known = new Known(
            source,
            input.Snapshot is { } snapshot ? await SourceReader.Snapshot(rds, kind, snapshot, deadline.Token).ConfigureAwait(false) : null,
            await AnyNamed(rds, input.As, deadline.Token).ConfigureAwait(false),
            input.Purpose == RestorePurpose.Replace ? await AnyNamed(rds, keptAs, deadline.Token).ConfigureAwait(false) : null);
        known = await WithKeyAndRoom(known, at, deadline.Token).ConfigureAwait(false);
        known = await WithClassesAndGroups(known, input, rds, aws.Ec2(at), deadline.Token).ConfigureAwait(false);
        problems.AddRange(Preflight.Problems(input, known, request.OperationId, keptAs, at.Region, clock.GetUtcNow()));
        return problems.Count > 0 ? Refused(problems) : Ready(Plan(input, source!, keptAs, at), at == aws.Home ? "" : $" in {at.Region}");
    }

    /// <summary>Only where this is deployed: what is restored elsewhere could not be proven.</summary>
    private Location? Where(RestoreInput input, List<string> problems)
    {
        string[] allowed = [aws.Home.Region, .. settings.RecoveryRegions];
        if (input.Region is not { } region || allowed.Contains(region))
        {
            return new Location(input.Region ?? aws.Home.Region);
        }

        problems.Add($"region is '{region}'; allowed are {string.Join(", ", allowed)}, where restored databases can be proven.");
        return null;
    }

    private async Task<Known> WithKeyAndRoom(Known known, Location at, CancellationToken stop)
    {
        if (known.Source is null)
        {
            return known;
        }

        var quotas = (await aws.Rds(at).DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), stop).ConfigureAwait(false)).AccountQuotas ?? [];
        Room Of(string name) => quotas.Find(q => q.AccountQuotaName == name) is { Used: { } used, Max: { } most } ? new Room(used, most) : Room.Unlimited;
        return known with { KeyState = known.Key is { } key ? await SourceKey.State(aws.Kms(at), key, stop).ConfigureAwait(false) : null, Instances = Of("DBInstances"), Clusters = Of("DBClusters") };
    }

    private static async Task<Known> WithClassesAndGroups(Known known, RestoreInput input, IAmazonRDS rds, IAmazonEC2 ec2, CancellationToken stop) => known.Source is not { } source ? known : known with
    {
        Unorderable = await Orderable.NotAmong(
            rds, source.Engine, known.Snapshot?.Version ?? source.Version, input.InstanceClass is { } given ? [.. source.Settings.MemberClasses, given] : source.Settings.MemberClasses, stop).ConfigureAwait(false),
        Groups = await NamedGroups.Find(rds, ec2, source.Kind, TargetSettings.Of(source, input), stop).ConfigureAwait(false),
    };

    private static RestorePlan Plan(RestoreInput input, SourceDatabase source, string keptAs, Location at) => new(
        source.Id, source.Kind, source.Engine, at.Region, source.Arn, source.ResourceId, source.Status is null || input.Region is not null ? source.AutomatedBackup : null,
        input.To is { } to ? Instant.Write(to) : null, input.Snapshot, input.As, keptAs, input.Purpose, input.RequestedBy, TargetSettings.Of(source, input), input.Expected);

    private static PlanRestoreResult Ready(RestorePlan plan, string where)
    {
        var what = plan.Snapshot is { } snapshot ? $"from snapshot '{snapshot}'" : plan.RestoreTo is { } to ? $"to {to}" : "to the latest second that can be restored";
        var then = plan.Purpose switch
        {
            RestorePurpose.Replace => $"; once somebody approves, it takes the name '{plan.Source}' and the old database is kept as '{plan.KeptAs}'",
            RestorePurpose.Drill => "; it is removed once it is proven",
            _ => "; the live database is not touched",
        };
        return new PlanRestoreResult(StepStatus.Ready, $"'{plan.Source}' is restored {what} as '{plan.As}'{where}{then}.", [], plan);
    }

    private static PlanRestoreResult Refused(List<string> problems) => new(StepStatus.Refused, string.Join(" ", problems), problems, null);

    // Instances and clusters have names of their own, and their endpoints' too; but a name that both have would mislead people.
    private static async Task<NamedDatabase?> AnyNamed(IAmazonRDS rds, string id, CancellationToken stop) =>
        await RestoredDatabase.Find(rds, DatabaseKind.Instance, id, stop).ConfigureAwait(false) ?? await RestoredDatabase.Find(rds, DatabaseKind.Cluster, id, stop).ConfigureAwait(false);

    /// <summary>The name under which the old database is kept; the same in every attempt of an operation.</summary>
    internal static string KeptAs(string source, DateTimeOffset at) => $"{source}-before-restore-{at.UtcDateTime.ToString("yyyyMMdd't'HHmmss", CultureInfo.InvariantCulture)}";

    // The operation's name ends with the time at which it was asked for.
    private static DateTimeOffset? Started(string operationId) => operationId.Length > 16 && DateTimeOffset.TryParseExact(
        operationId[^16..], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
