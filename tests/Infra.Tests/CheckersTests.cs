using Dbre.Infra.Sam;
using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests;

/// <summary>Other people's checkers, where they are installed. Without them a test says so and passes.</summary>
[Collection(CloudCollection.Name)]
public sealed class CheckersTests(CloudFixture cloud, Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Cfn_lint_finds_nothing_in_the_templates() =>
        FindsNothing("cfn-lint", [.. cloud.All.Select(template => template.File), RepositoryRoot.Of(SamTemplate.FileName)]);

    [Fact]
    public void Asl_validator_finds_nothing_in_the_state_machines() => FindsNothing(
        RepositoryRoot.Of("node_modules", ".bin", "asl-validator"),
        [.. Directory.EnumerateFiles(RepositoryRoot.Of("statemachines"), "*.asl.json").SelectMany(file => new[] { "--json-path", file })]);

    private void FindsNothing(string program, string[] arguments)
    {
        if (Tool.Run(program, arguments) is not { } run)
        {
            output.WriteLine($"Skipped: {Path.GetFileName(program)} is not installed (cfn-lint comes from pip, asl-validator from npm ci).");
            return;
        }

        run.ExitCode.ShouldBe(0, run.Output);
    }
}
