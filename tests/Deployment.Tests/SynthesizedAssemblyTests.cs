using Amazon.SecurityToken.Model;
using Amazon.SQS.Model;

using Dbre.Deployment.Tests.Testing;
using Dbre.Functions.Core.Policies;
using Dbre.Infra;
using Dbre.Lab.Deployment;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;

namespace Dbre.Deployment.Tests;

/// <summary>The stacks that the CDK app synthesizes, deployed whole: what runs on AWS runs in the lab.</summary>
public sealed class SynthesizedAssemblyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbre-assembly-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_synthesized_stacks_deploy_and_deploy_again()
    {
        var sources = Synthesize();
        var ground = new Ground();
        var parameters = new Dictionary<string, string> { ["DatabaseCaFile"] = "/lab/ca.pem" };

        var stacks = await ground.Deployment.Deploy(DeploymentPlan.Read(Path.Combine(folder, "out"), parameters));

        stacks.Keys.ShouldBe(["DbrePrimary", "DbreRecovery"], ignoreOrder: true);
        var functions = ground.World.Service<LambdaService>().Functions;
        functions.Count(function => function.Region == "us-east-1").ShouldBe(sources.Catalog.Functions.Count);
        functions.ShouldContain(function => function.Region == "eu-west-1" && function.Name == "dbre-measure-database");
        functions.ShouldAllBe(function => function.Environment["DATABASE_CA_FILE"] == "/lab/ca.pem");
        ground.World.Service<KmsService>().Resolve("111111111111", "eu-west-1", "alias/dbre").ShouldNotBeNull();
        stacks["DbrePrimary"].Outputs["StateMachinesnapshotcopyOutput"].ShouldBe("arn:aws:states:us-east-1:111111111111:stateMachine:snapshot-copy");

        var again = await ground.Deployment.Deploy(DeploymentPlan.Read(Path.Combine(folder, "out"), parameters));
        again["DbrePrimary"].Resources.ShouldAllBe(resource => ReferenceEquals(resource.Value, stacks["DbrePrimary"].Resources[resource.Key]));
    }

    [Fact]
    public async Task The_deployed_schedule_invokes_the_starter_with_the_time_for_which_it_fires()
    {
        var ground = await Deployed();
        ground.Clock.Advance(TimeSpan.FromHours(2));
        var (function, input) = ground.Invocations.ShouldHaveSingleItem();
        function.ShouldBe("dbre-start-nightly-run");
        input.ShouldContain("\"policy\":\"nightly\"");
        input.ShouldContain("\"scheduledTime\":\"2026-11-21T03:00:00Z\"");
    }

    [Fact]
    public async Task A_starter_that_fails_every_time_leaves_its_event_in_the_dead_letter_queue()
    {
        var ground = await Deployed();
        ground.Fails = true;
        ground.Clock.Advance(TimeSpan.FromHours(2));
        ground.Invocations.Count.ShouldBe(3);
        var url = ground.Deployment.Stacks["DbrePrimary"].Resources.Values.Single(resource => resource.Type == "AWS::SQS::Queue").PhysicalId;
        var received = (ReceiveMessageResponse)await ground.World.Invoke(ground.Operator, "sqs", new ReceiveMessageRequest { QueueUrl = url });
        received.Messages.ShouldHaveSingleItem().Body.ShouldBe(ground.Invocations[0].Event);
    }

    [Theory]
    [InlineData("dbre-copy-snapshot", true)]
    [InlineData("dbre-start-nightly-run", false)]
    public async Task Only_a_copying_function_may_take_the_role_of_another_account(string role, bool allowed)
    {
        var ground = await Deployed(withOtherAccount: true);
        var caller = ground.World.Iam.ContextForRole($"arn:aws:iam::111111111111:role/{role}", "us-east-1", "session");
        var assume = () => ground.World.Invoke(caller, "sts", new AssumeRoleRequest { RoleArn = "arn:aws:iam::222222222222:role/dbre-copy-target", RoleSessionName = "dbre-copy" });
        if (allowed)
        {
            await Should.NotThrowAsync(assume);
        }
        else
        {
            (await Should.ThrowAsync<ServiceException>(assume)).Code.ShouldBe("AccessDenied");
        }
    }

    private async Task<Ground> Deployed(bool withOtherAccount = false)
    {
        Synthesize(withOtherAccount);
        var ground = new Ground();
        await ground.Deployment.Deploy(DeploymentPlan.Read(Path.Combine(folder, "out"), new Dictionary<string, string>()));
        return ground;
    }

    private Sources Synthesize(bool withOtherAccount = false)
    {
        var root = CommandLine.FindRoot(AppContext.BaseDirectory);
        var artifact = Directory.CreateDirectory(Path.Combine(folder, "artifact")).FullName;
        File.WriteAllText(Path.Combine(artifact, "bootstrap"), "the published function");
        var sources = Sources.Read(root, SettingsReader.Read(CommandLine.ReadContext(root, new Dictionary<string, string>()))) with { ArtifactOf = _ => artifact };
        if (withOtherAccount)
        {
            var elsewhere = sources.Policies[0] with { Copies = [.. sources.Policies[0].Copies, new CopyTarget("eu-west-1", "222222222222", "alias/dbre")] };
            sources = sources with { Policies = [elsewhere], Settings = sources.Settings with { NotifyEmail = "dbre@example.com" } };
        }

        CloudApp.Synthesize(sources, Path.Combine(folder, "out"));
        return sources;
    }
}
