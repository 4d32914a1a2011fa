using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Functions.Snapshots;

/// <summary>What the functions of this domain are made from. Each client is made when it is first asked for: a function pays for what it uses.</summary>
public static class Composition
{
    /// <param name="aws">Null is clients on the process's own role; tests and the simulation give theirs.</param>
    public static void Add(IServiceCollection services, Settings settings, AwsClients? aws = null, TimeProvider? clock = null)
    {
        services.AddSingleton(settings);
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton(SafetyRules.InForce);
        services.AddSingleton(aws ?? new AwsClients(settings.Region, clock: clock));
        services.AddSingleton(s => Home(s).AtHome<AmazonStepFunctionsConfig, IAmazonStepFunctions>((k, c) => k is null ? new AmazonStepFunctionsClient(c) : new AmazonStepFunctionsClient(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonSimpleNotificationServiceConfig, IAmazonSimpleNotificationService>(
            (k, c) => k is null ? new AmazonSimpleNotificationServiceClient(c) : new AmazonSimpleNotificationServiceClient(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonS3Config, IAmazonS3>((k, c) => k is null ? new AmazonS3Client(c) : new AmazonS3Client(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonDynamoDBConfig, IAmazonDynamoDB>((k, c) => k is null ? new AmazonDynamoDBClient(c) : new AmazonDynamoDBClient(k, c)));
        services.AddSingleton(s => new Ledger(s.GetRequiredService<IAmazonDynamoDB>(), settings.LedgerTable, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<SafetyRules>().ActsUnder));
        services.AddSingleton(s => new EvidenceStore(s.GetRequiredService<IAmazonS3>(), settings.EvidenceBucket, s.GetRequiredService<Ledger>()));
        services.AddSingleton<MeasurementStore>();
        services.AddSingleton<RunFiles>();
        services.AddSingleton<IDatabaseMeasurement>(s => new DatabaseMeasurement(settings.DatabaseCaFile, s.GetRequiredService<TimeProvider>()));
    }

    private static AwsClients Home(IServiceProvider services) => services.GetRequiredService<AwsClients>();
}
