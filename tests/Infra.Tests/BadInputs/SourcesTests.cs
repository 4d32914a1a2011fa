using Dbre.Infra.Catalog;
using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.BadInputs;

[Collection(CloudCollection.Name)]
public sealed class SourcesTests(CloudFixture cloud)
{
    [Fact]
    public void Every_problem_of_the_policy_file_is_told_with_its_name()
    {
        var refusal = Should.Throw<SynthesisException>(() => Sources.ReadPolicies("""{"policies":[{"name":"nightly","colour":"blue"}]}""", "config/policies.json"));
        refusal.Message.ShouldContain("config/policies.json: policies[0] has the unknown field 'colour'");
    }

    [Fact]
    public void A_missing_artifact_is_told_with_the_command_that_makes_it()
    {
        var sources = cloud.CheckedIn with { ArtifactOf = _ => "/nowhere" };
        Should.Throw<SynthesisException>(() => cloud.Synthesize(sources, "no-artifact")).Message.ShouldStartWith("Snapshots: its published artifact /nowhere does not exist; publish it with: dotnet publish functions/Snapshots");
    }

    [Fact]
    public void Schedules_without_the_function_that_they_start_are_refused()
    {
        var sources = cloud.CheckedIn with { Catalog = FunctionCatalog.Read([typeof(Good)]), Workflows = [] };
        Should.Throw<SynthesisException>(() => cloud.Synthesize(sources, "no-starter")).Message.ShouldStartWith("The schedules invoke StartNightlyRun, a class that is no function");
    }

    [Fact]
    public void Executions_of_a_label_that_no_map_has_are_refused() => Should.Throw<SynthesisException>(
            () => Sources.CheckReferences(FunctionCatalog.Read([typeof(AsksAfterNoLabel)]), cloud.CheckedIn.Workflows))
        .Message.ShouldBe("Dbre.Infra.Tests.AsksAfterNoLabel: [Allow] On names ${Executions:snapshot-copy/nothing}, the label 'nothing', which no Distributed Map of snapshot-copy has.");

    [Fact]
    public void A_function_of_the_recovery_region_cannot_name_what_only_the_primary_has()
    {
        var sources = cloud.CheckedIn with { Catalog = new FunctionCatalog([.. cloud.CheckedIn.Catalog.Functions, .. FunctionCatalog.Read([typeof(ReadsTheLedgerElsewhere)]).Functions]) };
        Should.Throw<SynthesisException>(() => cloud.Synthesize(sources, "ledger-elsewhere")).Message
            .ShouldBe("Dbre.Infra.Tests.ReadsTheLedgerElsewhere: [Allow] On names ${LedgerTable}, which exists only in the primary Region, where this role is not.");
    }
}
