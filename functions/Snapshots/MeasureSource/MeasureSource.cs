using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record MeasureSourceRequest(string OperationId, DatabasePlan Plan, SourceMoment Moment);

public sealed record MeasureSourceResult(StepStatus Status, string Reason, long Rows, int Tables);

/// <summary>Measures the live database before and after its snapshot, and keeps the measurement for the comparison.</summary>
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:dbre/prover/*")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/measurements/*")]
public sealed class MeasureSource(AwsClients aws, IDatabaseMeasurement databases, MeasurementStore store, TimeProvider clock)
{
    [LambdaFunction(Timeout = 900, MemorySize = 1024)]
    public async Task<MeasureSourceResult> Handle(MeasureSourceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var login = await DatabaseLogin.Read(aws.Secrets(aws.Home), DatabaseLogin.SecretOf(plan.Database), deadline.Token).ConfigureAwait(false);
        var measured = await databases.Measure(plan.Engine, plan.Address, plan.Port, login, deadline.Token).ConfigureAwait(false);
        await store.Save(request.OperationId, plan.Database, request.Moment, measured, deadline.Token).ConfigureAwait(false);
        return new MeasureSourceResult(StepStatus.Ready, $"{Plural.Of(measured.Tables.Count, "table", "tables")} with {Plural.Of(measured.Rows, "row", "rows")}.", measured.Rows, measured.Tables.Count);
    }
}
