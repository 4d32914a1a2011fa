using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Lab.Nights;

/// <summary>
/// The deployed functions in this process: the very classes, composed as on Lambda, each with the credentials of its own role and the environment
/// that its stack gave it. Only what touches the outside is given: the way to AWS, the clock, and how a database is measured.
/// </summary>
/// <param name="rules">The safety rules in force; tests take one out and see that it is missed.</param>
/// <param name="compose">Replaces more of what functions are composed of.</param>
public sealed class FunctionsInProcess(SimulatedCloud cloud, SafetyRules rules, Action<IServiceCollection>? compose = null)
{
    // By the executable that a function's handler names.
    private static readonly Dictionary<string, Domain> Domains = new(StringComparer.Ordinal)
    {
        ["Dbre.Functions.Restore"] = new(new FunctionCatalog(typeof(Dbre.Functions.Restore.PlanRestore).Assembly), Dbre.Functions.Restore.Composition.Add),
        ["Dbre.Functions.Snapshots"] = new(new FunctionCatalog(typeof(SelectDatabases).Assembly), Composition.Add),
    };

    private static readonly TimeSpan Session = TimeSpan.FromDays(3650);

    private readonly Dictionary<string, Func<Stream, ILambdaContext, Task<Stream>>> handlers = new(StringComparer.Ordinal);
    private readonly FunctionClock clock = new(cloud);

    public async Task<ReadOnlyMemory<byte>> Run(Invocation invocation)
    {
        var function = invocation.Function;
        if (!handlers.TryGetValue(function.Arn, out var handler))
        {
            handlers.Add(function.Arn, handler = Compose(function));
        }

        using var input = new MemoryStream(invocation.Payload.ToArray(), writable: false);
        var output = await handler(input, new SimulatedContext(invocation, cloud.Clock)).ConfigureAwait(false);
        return ((MemoryStream)output).ToArray();
    }

    private Func<Stream, ILambdaContext, Task<Stream>> Compose(LambdaFunction function)
    {
        var key = cloud.World.Iam.IssueCredentials(function.Role, function.Name, Session);
        var aws = new AwsClients(function.Region, new SessionAWSCredentials(key.AccessKeyId, key.Secret, key.SessionToken), Reach, cloud.Clock);
        var settings = Settings.From(name => name == "AWS_REGION" ? function.Region : function.Environment.GetValueOrDefault(name));
        var services = new ServiceCollection();
        var domain = Domains[function.Handler];
        domain.Compose(services, settings, aws, clock);
        services.AddSingleton(rules);
        services.AddSingleton<ICanary>(new StubCanary(cloud.Engine));
        services.AddSingleton<IDatabaseMeasurement>(new StubMeasurement(cloud.Engine, cloud.Weather, cloud.Clock));
        compose?.Invoke(services);
        return domain.Functions.Handler(settings.Handler, services.BuildServiceProvider());
    }

    private void Reach(ClientConfig config)
    {
        var region = config.RegionEndpoint.SystemName;
        config.ServiceURL = "http://simulation.internal";
        config.AuthenticationRegion = region;
        config.HttpClientFactory = cloud.Http;
        // The SDK waits in real time between its tries; here each call is one request, and trying again is the state machine's.
        config.MaxErrorRetry = 0;
        if (config is AmazonS3Config objects)
        {
            objects.ForcePathStyle = true;
        }
    }

    private sealed record Domain(FunctionCatalog Functions, Action<IServiceCollection, Settings, AwsClients?, TimeProvider?> Compose);

    /// <summary>The clock as a function sees it: it may be off, as a machine's can be.</summary>
    private sealed class FunctionClock(SimulatedCloud cloud) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => cloud.Clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => cloud.Clock.GetUtcNow() + cloud.Weather.ClockOffset;

        public override long GetTimestamp() => cloud.Clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => cloud.Clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class SimulatedContext(Invocation invocation, TimeProvider clock) : ILambdaContext
    {
        public string AwsRequestId => invocation.RequestId;

        public IClientContext? ClientContext => null;

        public string FunctionName => invocation.Function.Name;

        public string FunctionVersion => "$LATEST";

        public ICognitoIdentity? Identity => null;

        public string InvokedFunctionArn => invocation.Function.Arn;

        public ILambdaLogger Logger => throw new NotSupportedException("Functions log through Powertools.");

        public string LogGroupName => invocation.Function.LogGroup ?? "";

        public string LogStreamName => invocation.RequestId;

        public int MemoryLimitInMB => invocation.Function.MemoryMegabytes;

        public TimeSpan RemainingTime => invocation.Ends > clock.GetUtcNow() ? invocation.Ends - clock.GetUtcNow() : TimeSpan.Zero;

        public string TraceId => "";

        public string TenantId => "";
    }
}
