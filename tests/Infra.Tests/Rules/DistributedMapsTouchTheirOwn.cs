using System.Text.Json.Nodes;

using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class DistributedMapsTouchTheirOwn(CloudFixture cloud)
{
    private const string Machine = "arn:aws:states:us-east-1:111111111111:stateMachine:snapshot-copy";

    /// <summary>As the Step Functions Developer Guide lists them ("IAM policies for using Distributed Map states", "IAM policies for ResultWriter").</summary>
    [Fact]
    public void The_role_of_a_distributed_map_starts_its_own_machine_and_touches_the_files_of_its_asl() =>
        Allowed("states:", "s3:").ShouldBe(
        [
            $"states:StartExecution on {Machine}",
            "states:DescribeExecution, states:StopExecution on arn:aws:states:us-east-1:111111111111:execution:snapshot-copy:*",
            "s3:GetObject on arn:aws:s3:::dbre-runs-111111111111-us-east-1/runs/*/plans.json",
            "s3:AbortMultipartUpload, s3:GetObject, s3:ListMultipartUploadParts, s3:PutObject on arn:aws:s3:::dbre-runs-111111111111-us-east-1/runs/*/results/*",
        ]);

    [Fact]
    public void The_definition_is_given_the_bucket()
    {
        var substitutions = cloud.Primary.Resources("AWS::StepFunctions::StateMachine").Single(machine => machine["StateMachineName"]!.ToString() == "snapshot-copy")["DefinitionSubstitutions"]!;
        SynthesizedTemplate.Text(substitutions["RunBucket"]).ShouldBe("dbre-runs-111111111111-us-east-1");
    }

    /// <summary>The admission counts the snapshots that stand beside their successors while as many databases are worked on as the Map allows.</summary>
    [Fact]
    public void The_admission_knows_how_many_run_at_once()
    {
        var definition = JsonNode.Parse(cloud.Primary.Resources("AWS::StepFunctions::StateMachine")
            .Single(machine => machine["StateMachineName"]!.ToString() == "snapshot-copy")["DefinitionString"]!.ToString())!;
        definition["States"]!["Protect each database"]!["MaxConcurrency"]!.GetValue<int>().ShouldBe(Dbre.Functions.Snapshots.Admission.MostAtOnce);
    }

    private IEnumerable<string> Allowed(params string[] services) => RoleStatement.Of(cloud.Primary)
        .Where(s => s.Role["RoleName"]!.ToString() == "dbre-flow-snapshot-copy" && s.Actions.Any(a => services.Any(service => a.StartsWith(service, StringComparison.Ordinal))))
        .Select(s => $"{string.Join(", ", s.Actions)} on {string.Join(", ", s.Resources)}");
}
