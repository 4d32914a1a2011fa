using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Functions.Core;

/// <summary>Whether an operation may act, given the lock it took and the lock as it is now.</summary>
public sealed record LockRule(Func<DatabaseLock, DatabaseLock?, bool> ActsUnder)
{
    public static LockRule InForce { get; } = new(Ledger.IsHolder);
}

/// <summary>What the functions of every domain are made from. Each client is made when it is first asked for: a function pays for what it uses.</summary>
public static class CoreServices
{
    /// <param name="services">Where they are added.</param>
    /// <param name="settings">The deployment's.</param>
    /// <param name="aws">Null is clients on the process's own role; tests and the simulation give theirs.</param>
    /// <param name="clock">Null is the system's.</param>
    public static void Add(IServiceCollection services, Settings settings, AwsClients? aws, TimeProvider? clock)
    {
        services.AddSingleton(settings);
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton(LockRule.InForce);
        services.AddSingleton(aws ?? new AwsClients(settings.Region, clock: clock));
        services.AddSingleton(s => Home(s).AtHome<AmazonStepFunctionsConfig, IAmazonStepFunctions>((k, c) => k is null ? new AmazonStepFunctionsClient(c) : new AmazonStepFunctionsClient(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonSimpleNotificationServiceConfig, IAmazonSimpleNotificationService>(
            (k, c) => k is null ? new AmazonSimpleNotificationServiceClient(c) : new AmazonSimpleNotificationServiceClient(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonS3Config, IAmazonS3>((k, c) => k is null ? new AmazonS3Client(c) : new AmazonS3Client(k, c)));
        services.AddSingleton(s => Home(s).AtHome<AmazonDynamoDBConfig, IAmazonDynamoDB>((k, c) => k is null ? new AmazonDynamoDBClient(c) : new AmazonDynamoDBClient(k, c)));
        services.AddSingleton(s => new Ledger(s.GetRequiredService<IAmazonDynamoDB>(), settings.LedgerTable, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<LockRule>().ActsUnder));
        services.AddSingleton(s => new EvidenceStore(s.GetRequiredService<IAmazonS3>(), settings.EvidenceBucket, s.GetRequiredService<Ledger>()));
        services.AddSingleton<RegionalMeasurement>();
        services.AddSingleton<ICanary>(_ => new Canary(settings.DatabaseCaFile));
        services.AddSingleton<IDatabaseMeasurement>(s => new DatabaseMeasurement(settings.DatabaseCaFile, s.GetRequiredService<TimeProvider>()));
    }

    private static AwsClients Home(IServiceProvider services) => services.GetRequiredService<AwsClients>();
}
