using Amazon.DynamoDBv2;
using Amazon.Lambda;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecretsManager;
using Amazon.StepFunctions;

namespace Dbre.Cli.Drill;

/// <summary>The operator's clients of the lab: the SDK's own, pointed at the loopback port.</summary>
internal sealed class LabClients(Uri endpoint)
{
    private static readonly BasicAWSCredentials Operator = new("lab", "lab");

    public IAmazonRDS Rds(string region) => new AmazonRDSClient(Operator, At<AmazonRDSConfig>(region));

    public IAmazonSecretsManager Secrets(string region) => new AmazonSecretsManagerClient(Operator, At<AmazonSecretsManagerConfig>(region));

    public IAmazonStepFunctions Flows(string region) => new AmazonStepFunctionsClient(Operator, At<AmazonStepFunctionsConfig>(region));

    public IAmazonLambda Functions(string region) => new AmazonLambdaClient(Operator, At<AmazonLambdaConfig>(region));

    public IAmazonDynamoDB Tables(string region) => new AmazonDynamoDBClient(Operator, At<AmazonDynamoDBConfig>(region));

    public IAmazonS3 Objects(string region)
    {
        var config = At<AmazonS3Config>(region);
        config.ForcePathStyle = true;
        return new AmazonS3Client(Operator, config);
    }

    private T At<T>(string region) where T : ClientConfig, new() => new() { ServiceURL = endpoint.ToString(), AuthenticationRegion = region, MaxErrorRetry = 2 };
}
