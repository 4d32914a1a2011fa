using System.Text;

using Dbre.Lab.Deployment;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

namespace Dbre.Deployment.Tests.Testing;

/// <summary>An emulated cloud in virtual time, in which functions answer nothing.</summary>
internal sealed class Ground
{
    internal Ground()
    {
        World = new World(Clock, seed: 1);
        var functions = new InProcessFunctionHost((function, payload, _) =>
        {
            Invocations.Add((function.Name, Encoding.UTF8.GetString(payload.Span)));
            return Fails
                ? throw new InvalidOperationException("The function fails, as the test wants it to.")
                : Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
        });
        EmulatedServices.AddTo(World, functions, new RdsService(World, new StubEngine(Clock, seed: 1, StubPace.OneSecond)), new CloudWatchService(World), TablePace.OneSecond);
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
        Deployment.Deploy(DeploymentPlan.Read(assembly.Folder, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)));

    /// <summary>The context of a user who may do everything in the primary account.</summary>
    internal CallContext Operator { get => field ??= World.Iam.ContextForUser(World.Iam.CreateUser("111111111111", "lab", "lab", "lab").Arn, "us-east-1"); }

    internal async Task<string> Refusal(Assembly assembly, params (string Name, string Value)[] parameters) =>
        (await Should.ThrowAsync<DeploymentException>(() => Deploy(assembly, parameters))).Message;
}
