using System.Text;

using Dbre.Lab.Deployment;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Events;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Logs;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.Scheduler;
using Dbre.Lab.Services.Sns;
using Dbre.Lab.Services.Sqs;
using Dbre.Lab.Services.States;
using Dbre.Lab.Services.Sts;
using Dbre.Lab.Simulation;

namespace Dbre.Deployment.Tests.Testing;

/// <summary>An emulated cloud in virtual time, in which functions answer nothing.</summary>
internal sealed class Ground
{
    internal Ground()
    {
        World = new World(Clock, seed: 1);
        World.Add(new KmsService(World));
        World.Add(new DynamoDbService(World));
        World.Add(new LambdaService(World, new InProcessFunctionHost((function, payload, _) =>
        {
            Invocations.Add((function.Name, Encoding.UTF8.GetString(payload.Span)));
            return Fails
                ? throw new InvalidOperationException("The function fails, as the test wants it to.")
                : Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
        })));
        World.Add(new EventBridgeService(World));
        World.Add(new SchedulerService(World));
        World.Add(new StsService(World));
        World.Add(new S3Service(World));
        World.Add(new SnsService(World));
        World.Add(new SqsService(World));
        World.Add(new LogsService(World));
        World.Add(new CloudWatchService(World));
        World.Add(new StepFunctionsService(World));
        Deployment = new LabDeployment(World);
    }

    internal VirtualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));

    internal World World { get; }

    /// <summary>The functions that were invoked, and their events.</summary>
    internal List<(string Function, string Event)> Invocations { get; } = [];

    /// <summary>Whether every function throws.</summary>
    internal bool Fails { get; set; }

    internal LabDeployment Deployment { get; }

    internal Task<IReadOnlyDictionary<string, DeployedStack>> Deploy(Assembly assembly, params (string Name, string Value)[] parameters) =>
        Deployment.Deploy(assembly.Folder, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));

    /// <summary>The context of a user who may do everything in the primary account.</summary>
    internal CallContext Operator { get => field ??= World.Iam.ContextForUser(World.Iam.CreateUser("111111111111", "lab", "lab", "lab").Arn, "us-east-1"); }

    internal async Task<string> Refusal(Assembly assembly, params (string Name, string Value)[] parameters) =>
        (await Should.ThrowAsync<DeploymentException>(() => Deploy(assembly, parameters))).Message;
}
