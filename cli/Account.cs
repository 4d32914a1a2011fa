using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Lambda;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.StepFunctions;

using Dbre.Functions.Core.Aws;

namespace Dbre.Cli;

/// <summary>Clients of one account and Region: AWS, or the lab when <c>AWS_ENDPOINT_URL</c> points there.</summary>
/// <param name="number">The account's twelve digits.</param>
/// <param name="caller">The ARN of who calls.</param>
internal sealed class Account(string number, string region, AWSCredentials credentials, Action<ClientConfig> configure, string caller)
{
    private const string Endpoint = "AWS_ENDPOINT_URL";
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    private readonly AwsClients clients = new(region, credentials, configure);

    public string Number => number;

    public string Region => region;

    public string Caller => caller;

    public IAmazonRDS Databases => clients.Rds(clients.Home);

    public IAmazonRDS DatabasesIn(string other) => clients.Rds(new Location(other));

    public IAmazonLambda Functions => clients.Lambda(clients.Home);

    public IAmazonStepFunctions Flows =>
        clients.AtHome<AmazonStepFunctionsConfig, IAmazonStepFunctions>((k, c) => k is null ? new AmazonStepFunctionsClient(c) : new AmazonStepFunctionsClient(k, c));

    public IAmazonS3 Objects => clients.AtHome<AmazonS3Config, IAmazonS3>((k, c) => k is null ? new AmazonS3Client(c) : new AmazonS3Client(k, c));

    public IAmazonDynamoDB Tables => clients.AtHome<AmazonDynamoDBConfig, IAmazonDynamoDB>((k, c) => k is null ? new AmazonDynamoDBClient(c) : new AmazonDynamoDBClient(k, c));

    /// <summary>What a command says that needs something of the primary stack and does not find it.</summary>
    public BadInputException Lacks(string what) => new($"{what} is not there in {region}; deploy the stack DbrePrimary to {region}, or set AWS_REGION to where it is.");

    /// <summary>By the usual variables, then the SDK's own chain. One call proves that they are accepted, before a command does anything.</summary>
    /// <exception cref="BadInputException">Region, credentials or endpoint are missing or not accepted.</exception>
    public static async Task<Account> OfEnvironment(Func<string, string?> variable, CancellationToken stop)
    {
        var region = RegionOf(variable);
        return await Proven(region, await Credentials(stop).ConfigureAwait(false), variable(Endpoint), stop).ConfigureAwait(false);
    }

    /// <exception cref="BadInputException">There is none, or it does not exist.</exception>
    internal static string RegionOf(Func<string, string?> variable)
    {
        foreach (var name in (ReadOnlySpan<string>)["AWS_REGION", "AWS_DEFAULT_REGION"])
        {
            if (variable(name) is { } given)
            {
                return ToRegion(name, given);
            }
        }

        return FallbackRegionFactory.GetRegionEndpoint()?.SystemName
            ?? throw new BadInputException("AWS_REGION is not set; set it to the Region of the stack DbrePrimary, such as us-east-1 (for the lab: eval \"$(./dbre lab env)\").");
    }

    /// <exception cref="BadInputException">AWS has no such Region.</exception>
    internal static string ToRegion(string name, string given) => RegionEndpoint.EnumerableAllRegions.Any(r => r.SystemName == given)
        ? given
        : throw new BadInputException($"{name} is '{given}', which is not an AWS Region; allowed are names such as us-east-1.");

    private static async Task<AWSCredentials> Credentials(CancellationToken stop)
    {
        try
        {
            var credentials = DefaultAWSCredentialsIdentityResolver.GetCredentials();
            await credentials.GetCredentialsAsync().WaitAsync(stop).ConfigureAwait(false);
            return credentials;
        }
        catch (AmazonClientException)
        {
            throw new BadInputException("There are no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (for the lab: eval \"$(./dbre lab env)\").");
        }
    }

    /// <param name="endpoint">A lab's address; null is AWS.</param>
    /// <exception cref="BadInputException">Nobody answers there, or the credentials are not accepted.</exception>
    internal static async Task<Account> Proven(string region, AWSCredentials credentials, string? endpoint, CancellationToken stop)
    {
        if (endpoint is not null && (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
        {
            throw new BadInputException($"{Endpoint} is '{endpoint}', which is no address; allowed are addresses such as http://127.0.0.1:4566.");
        }

        var config = new AmazonSecurityTokenServiceConfig { MaxErrorRetry = 1, Timeout = LongestAnswer };
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint, region);
        }

        try
        {
            using var identity = new AmazonSecurityTokenServiceClient(credentials, config);
            var caller = await identity.GetCallerIdentityAsync(new GetCallerIdentityRequest(), stop).ConfigureAwait(false);
            return new Account(caller.Account, region, credentials, endpoint is null ? _ => { } : PathStyle, caller.Arn);
        }
        catch (AmazonServiceException refused) when (refused.ErrorCode is { Length: > 0 } && (int)refused.StatusCode is >= 400 and < 500)
        {
            throw new BadInputException($"The AWS credentials are not accepted in {region}: {refused.ErrorCode}: {refused.Message.TrimEnd('.')}.");
        }
        catch (Exception unreachable) when (unreachable is AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException || (unreachable is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new BadInputException(
                endpoint is not null ? $"{Endpoint} is '{endpoint}', where no AWS answers; start the lab (./dbre lab up), or unset the variable to use AWS itself."
                : $"AWS cannot be reached in {region}: {unreachable.Message.TrimEnd('.')}; check the network, or set {Endpoint} to a lab (eval \"$(./dbre lab env)\").");
        }
    }

    // One address serves all buckets of a lab, so their names stand in the path.
    private static void PathStyle(ClientConfig config)
    {
        if (config is AmazonS3Config objects)
        {
            objects.ForcePathStyle = true;
        }
    }
}
