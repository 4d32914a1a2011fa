using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="As">Under which name it is reached: before a swap its own, after it the source's.</param>
/// <param name="ResourceId">The restored database: another one under the name is no proof.</param>
public sealed record ProveRestoreRequest(string OperationId, RestorePlan Plan, string As, string ResourceId);

/// <param name="Status">Ready when it is proven, Failed when it is not.</param>
public sealed record ProveRestoreResult(StepStatus Status, string Reason, RestoreProof? Proof);

/// <summary>
/// Reads the restored database in full, through the endpoint that its clients use, with the read-only login that its source had, and compares it
/// with what a witness wrote down, as long as nobody writes to it.
/// </summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Describe has no resource scope.")]
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:dbre/prover/*")]
[Allow("lambda:InvokeFunction", On = "arn:${Partition}:lambda:*:${Account}:function:dbre-measure-database")]
public sealed class ProveRestore(AwsClients aws, IDatabaseMeasurement databases, RegionalMeasurement regional, TimeProvider clock)
{
    [LambdaFunction(Timeout = 900, MemorySize = 1024)]
    public async Task<ProveRestoreResult> Handle(ProveRestoreRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, rds) = (request.Plan, aws.Rds(request.Plan.Location()));
        var found = await RestoredDatabase.Find(rds, plan.Kind, request.As, deadline.Token).ConfigureAwait(false);
        if (found?.ResourceId != request.ResourceId || found.Address is not { } address)
        {
            return new ProveRestoreResult(StepStatus.Failed, $"'{request.As}' is {(found is null ? "not there" : "another database")}, so there is nothing to prove.", null);
        }

        var (measured, unreadable) = await Measure(plan, address, found.Port, deadline.Token).ConfigureAwait(false);
        if (measured is null)
        {
            return new ProveRestoreResult(StepStatus.Failed, $"'{request.As}' could not be read: {unreadable}", null);
        }

        // Only after a swap do clients write to it; what is gone may be restored under the name that it had.
        var proof = plan.Purpose == RestorePurpose.Replace && request.As == plan.Source
            ? RestoreProof.OfLive(plan.Expected, measured)
            : RestoreProof.Of(plan.Expected, measured, plan.RestoreTo is { } to ? Instant.Read(to) : null);
        return new ProveRestoreResult(proof.Proven ? StepStatus.Ready : StepStatus.Failed, proof.Reason, proof);
    }
    /// <summary>From here, or, where another Region's network has it, from inside that.</summary>
    private async Task<(Measurement? Found, string Unreadable)> Measure(RestorePlan plan, string address, int port, CancellationToken stop)
    {
        var secret = DatabaseLogin.SecretOf(plan.Source);
        if (plan.Location() != aws.Home)
        {
            return await regional.Measure(
                plan.Region, new MeasureDatabaseRequest(plan.Engine, address, port, secret, aws.Home.Region, RestoreProof.Samples(plan.Expected)), stop).ConfigureAwait(false);
        }

        var login = await DatabaseLogin.Read(aws.Secrets(aws.Home), secret, stop).ConfigureAwait(false);
        await databases.Check(plan.Engine, address, port, login, stop).ConfigureAwait(false);
        return (await databases.MeasureAlike(RestoreProof.Samples(plan.Expected), plan.Engine, address, port, login, stop).ConfigureAwait(false), "");
    }
}
