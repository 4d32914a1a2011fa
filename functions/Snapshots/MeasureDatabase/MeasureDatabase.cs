using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <summary>
/// Measures a restored database. It is deployed to every Region that copies go to, since what is restored there is reached from inside that
/// Region's network.
/// </summary>
[AlsoInRecoveryRegion]
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:*:${Account}:secret:dbre/prover/*")]
public sealed class MeasureDatabase(AwsClients aws, IDatabaseMeasurement databases, TimeProvider clock)
{
    [LambdaFunction(Timeout = 900, MemorySize = 1024)]
    public async Task<Measurement> Handle(MeasureDatabaseRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var login = await DatabaseLogin.Read(aws.Secrets(new Location(request.SecretRegion)), request.SecretId, deadline.Token).ConfigureAwait(false);
        var measured = await databases.MeasureAlike(request.Sampled, request.Engine, request.Address, request.Port, login, deadline.Token).ConfigureAwait(false);
        await databases.Check(request.Engine, request.Address, request.Port, login, deadline.Token).ConfigureAwait(false);
        return measured;
    }
}
