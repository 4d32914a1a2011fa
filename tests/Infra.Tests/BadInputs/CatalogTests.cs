using Dbre.Infra.Catalog;

namespace Dbre.Infra.Tests.BadInputs;

public sealed class CatalogTests
{
    /// <summary>The class, and what its message must name besides the class.</summary>
    public static TheoryData<Type, string[]> MyCases => new()
    {
        { typeof(EverythingWithoutWhy), ["rds:DescribeDBSnapshots", "no On", "no Why"] },
        { typeof(WildcardAction), ["rds:Describe*", "without wildcards"] },
        { typeof(UnknownToken), ["On", "${Bucket}", "${EvidenceBucket}"] },
        { typeof(NoArn), ["On", "dbre-evidence", "must be an ARN"] },
        { typeof(NoCondition), ["If", "iam:PassedToService", "must be a condition key"] },
        { typeof(UnknownTokenInACondition), ["If", "${Bucket}"] },
        { typeof(NoActions), ["names no action"] },
        { typeof(NoTimeout), ["Timeout", "1 to 900"] },
        { typeof(TooLittleMemory), ["MemorySize is 64", "128 to 10240"] },
        { typeof(TwoHandlers), ["2 methods"] },
        { typeof(NoFunction), ["[Allow]", "no method with [LambdaFunction]"] },
        { typeof(ANameThatIsFarTooLongForARoleWhichAlsoCarriesItsRegion), ["characters", "at most 49"] },
    };

    [Theory]
    [MemberData(nameof(MyCases))]
    public void A_class_that_cannot_be_deployed_is_refused_by_name(Type type, string[] named)
    {
        var refusal = Should.Throw<SynthesisException>(() => FunctionCatalog.Read([typeof(Good), type]));
        foreach (var part in named.Append($"Dbre.Infra.Tests.{type.Name}:"))
        {
            refusal.Message.ShouldContain(part);
        }
    }

    [Theory]
    [InlineData(typeof(InvokesNobody), "${Function:Nobody}")]
    [InlineData(typeof(StartsNothing), "${StateMachine:nothing}")]
    [InlineData(typeof(AsksAfterNothing), "${Executions:nothing}")]
    public void A_reference_to_what_does_not_exist_is_refused(Type type, string reference) =>
        Should.Throw<SynthesisException>(() => Sources.CheckReferences(FunctionCatalog.Read([typeof(Good), type]), []))
            .Message.ShouldStartWith($"Dbre.Infra.Tests.{type.Name}: [Allow] On names {reference}, ");

    [Fact]
    public void Two_classes_of_one_name_are_refused() =>
        Should.Throw<SynthesisException>(() => FunctionCatalog.Read([typeof(Good), typeof(Good)])).Message.ShouldContain("the class name is taken");

    [Theory]
    [InlineData("CopySnapshot", "copy-snapshot")]
    [InlineData("ReadDBCluster", "read-db-cluster")]
    [InlineData("Prove2Copies", "prove2-copies")]
    public void Names_are_the_class_in_kebab_case(string className, string name) => KebabCase.From(className).ShouldBe(name);
}
