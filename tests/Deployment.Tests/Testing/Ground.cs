using Dbre.Lab.Deployment;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Logs;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.Scheduler;
using Dbre.Lab.Services.Sns;
using Dbre.Lab.Services.Sqs;
using Dbre.Lab.Services.States;
using Dbre.Lab.Simulation;

namespace Dbre.Deployment.Tests.Testing;

/// <summary>An emulated cloud in virtual time, in which functions answer nothing.</summary>
internal sealed class Ground
{
    internal Ground()
    {
        World = new World(new VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero)), seed: 1);
        World.Add(new KmsService(World));
        World.Add(new DynamoDbService(World));
        World.Add(new LambdaService(World, new InProcessFunctionHost((_, _, _) => Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray()))));
        World.Add(new SchedulerService(World));
        World.Add(new S3Service(World));
        World.Add(new SnsService(World));
        World.Add(new SqsService(World));
        World.Add(new LogsService(World));
        World.Add(new CloudWatchService(World));
        World.Add(new StepFunctionsService(World));
        Deployment = new LabDeployment(World);
    }

    internal World World { get; }

    internal LabDeployment Deployment { get; }

    internal Task<IReadOnlyDictionary<string, DeployedStack>> Deploy(Assembly assembly, params (string Name, string Value)[] parameters) =>
        Deployment.Deploy(assembly.Folder, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));

    internal async Task<string> Refusal(Assembly assembly, params (string Name, string Value)[] parameters) =>
        (await Should.ThrowAsync<DeploymentException>(() => Deploy(assembly, parameters))).Message;
}
