using System.Collections.Concurrent;

using Amazon;
using Amazon.EC2;
using Amazon.KeyManagementService;
using Amazon.Lambda;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecurityToken;

namespace Dbre.Functions.Core.Aws;

/// <summary>
/// Clients by Region and account, one of each for the life of the process, so that connections are reused.
/// Another account is reached through the role <c>dbre-copy-target</c> that it grants.
/// </summary>
/// <param name="home">The Region that the function runs in.</param>
/// <param name="credentials">Null is the SDK's default chain: on Lambda, the function's role.</param>
/// <param name="configure">Applied to each client's configuration; the simulation reaches the services in memory through it.</param>
/// <param name="clock">Says when another account's credentials are to be asked for again.</param>
public sealed class AwsClients(string home, AWSCredentials? credentials = null, Action<ClientConfig>? configure = null, TimeProvider? clock = null)
{
    // Lambda's own limit of a function: the SDK leaves HttpClient its 100 seconds, after which a function that still measures would be given up.
    private static readonly TimeSpan LongestInvocation = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(Type, Location), object> clients = new();

    public Location Home { get; } = new(home);

    public IAmazonRDS Rds(Location at) => Client<AmazonRDSConfig, IAmazonRDS>(at, (k, c) => k is null ? new AmazonRDSClient(c) : new AmazonRDSClient(k, c));

    public IAmazonKeyManagementService Kms(Location at) =>
        Client<AmazonKeyManagementServiceConfig, IAmazonKeyManagementService>(at, (k, c) => k is null ? new AmazonKeyManagementServiceClient(c) : new AmazonKeyManagementServiceClient(k, c));

    public IAmazonEC2 Ec2(Location at) => Client<AmazonEC2Config, IAmazonEC2>(at, (k, c) => k is null ? new AmazonEC2Client(c) : new AmazonEC2Client(k, c));

    public IAmazonSecretsManager Secrets(Location at) =>
        Client<AmazonSecretsManagerConfig, IAmazonSecretsManager>(at, (k, c) => k is null ? new AmazonSecretsManagerClient(c) : new AmazonSecretsManagerClient(k, c));

    public IAmazonLambda Lambda(Location at) => Client<AmazonLambdaConfig, IAmazonLambda>(at, (k, c) =>
    {
        c.Timeout = LongestInvocation;
        return k is null ? new AmazonLambdaClient(c) : new AmazonLambdaClient(k, c);
    });

    /// <summary>A client of the home Region for the services that have no Regional role here (the ledger, evidence, notifications).</summary>
    public TClient AtHome<TConfig, TClient>(Func<AWSCredentials?, TConfig, TClient> create)
        where TConfig : ClientConfig, new() where TClient : class => Client(Home, create);

    private TClient Client<TConfig, TClient>(Location at, Func<AWSCredentials?, TConfig, TClient> create)
        where TConfig : ClientConfig, new() where TClient : class =>
        (TClient)clients.GetOrAdd((typeof(TClient), at), _ =>
        {
            // With AWS_ENDPOINT_URL the SDK would sign for the Region that it reads off that address, and not find one in the lab's: so it is told.
            var config = new TConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(at.Region), AuthenticationRegion = at.Region };
            configure?.Invoke(config);
            return create(at.Account is null ? credentials : InAccount(at.Account), config);
        });

    private TargetAccountCredentials InAccount(string account) =>
        new(AtHome<AmazonSecurityTokenServiceConfig, IAmazonSecurityTokenService>((k, c) => k is null ? new AmazonSecurityTokenServiceClient(c) : new AmazonSecurityTokenServiceClient(k, c)), account, clock ?? TimeProvider.System);
}
