using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record ConfigureDatabaseRequest(string OperationId, RestorePlan Plan, DatabaseLock Lock, string Since);

/// <summary>Sees to it that the restored database is configured as its source was.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Describe has no resource scope.")]
[Allow("rds:ModifyDBInstance", "rds:ModifyDBCluster", On = "arn:${Partition}:rds:*:${Account}:*:*")]
[Allow("iam:PassRole", On = "arn:${Partition}:iam::${Account}:role/*", If = "iam:PassedToService=monitoring.rds.amazonaws.com")]
[Allow("secretsmanager:CreateSecret", "secretsmanager:TagResource", On = "arn:${Partition}:secretsmanager:*:${Account}:secret:rds!*")]
[Allow("kms:DescribeKey", "kms:CreateGrant", On = "arn:${Partition}:kms:*:${Account}:key/*")]
[Allow("kms:Decrypt", "kms:GenerateDataKey", On = "arn:${Partition}:kms:${Region}:${Account}:key/*", If = "kms:ViaService=secretsmanager.${Region}.amazonaws.com")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class ConfigureDatabase(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    private const string SecretInTheMaking = "creating";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(ConfigureDatabaseRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
        var ready = request.Plan.Kind == DatabaseKind.Instance
            ? await Instance(request.Plan, deadline.Token).ConfigureAwait(false)
            : await Cluster(request.Plan, deadline.Token).ConfigureAwait(false);
        if (ready)
        {
            return new StepResult(StepStatus.Ready, $"'{request.Plan.As}' is configured as '{request.Plan.Source}' was.");
        }

        var (status, reason, seconds) = Patience.Wait($"'{request.Plan.As}' is being configured.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, seconds);
    }

    private async Task<bool> Instance(RestorePlan plan, CancellationToken stop)
    {
        var rds = aws.Rds(plan.Location());
        var found = await RestoredDatabase.Instance(rds, plan.As, stop).ConfigureAwait(false) ?? throw new InvalidOperationException($"'{plan.As}' is gone: somebody deleted it.");
        if (found.DBInstanceStatus != "available")
        {
            return false;
        }

        if (Configuration.Missing(plan, found) is { } change)
        {
            await rds.ModifyDBInstanceAsync(change, stop).ConfigureAwait(false);
            return false;
        }

        return found.MasterUserSecret?.SecretStatus != SecretInTheMaking;
    }

    private async Task<bool> Cluster(RestorePlan plan, CancellationToken stop)
    {
        var rds = aws.Rds(plan.Location());
        var found = await RestoredDatabase.Cluster(rds, plan.As, stop).ConfigureAwait(false) ?? throw new InvalidOperationException($"'{plan.As}' is gone: somebody deleted it.");
        if (found.Status != "available")
        {
            return false;
        }

        if (Configuration.Missing(plan, found) is { } change)
        {
            await rds.ModifyDBClusterAsync(change, stop).ConfigureAwait(false);
            return false;
        }

        return found.MasterUserSecret?.SecretStatus != SecretInTheMaking;
    }
}
