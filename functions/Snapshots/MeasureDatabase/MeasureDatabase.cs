using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="SecretRegion">The source's Region: a restored copy has the logins that its source had.</param>
/// <param name="Sampled">Tables of which only samples were read at the source, so that the same rows are read; null decides by how large each is.</param>
public sealed record MeasureDatabaseRequest(string Engine, string Address, int Port, string SecretId, string SecretRegion, IReadOnlyList<string>? Sampled = null);

/// <summary>Measures a restored copy. It is deployed to every Region that copies go to, since the copy is reached from inside that Region's network.</summary>
[AlsoInRecoveryRegion]
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:*:${Account}:secret:dbre/prover/*")]
public sealed class MeasureDatabase(AwsClients aws, IDatabaseMeasurement databases, TimeProvider clock)
{
    /// <summary>What the function is called in every Region.</summary>
    public const string DeployedName = "dbre-measure-database";

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
