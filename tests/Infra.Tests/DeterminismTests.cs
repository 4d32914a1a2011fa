using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests;

[Collection(CloudCollection.Name)]
public sealed class DeterminismTests(CloudFixture cloud)
{
    [Fact]
    public void The_same_sources_give_the_same_bytes()
    {
        var again = cloud.Synthesize(cloud.CheckedIn, "again");
        again.Select(template => File.ReadAllText(template.File)).ShouldBe(cloud.Templates.Select(template => File.ReadAllText(template.File)));
    }

    [Fact]
    public void No_template_knows_the_machine_that_synthesized_it() =>
        cloud.All.Where(template => File.ReadAllText(template.File).Contains(RepositoryRoot.Path, StringComparison.Ordinal)).ShouldBeEmpty();
}
