using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Definition;

/// <summary>What a Distributed Map may say; the rest is refused by its name.</summary>
public sealed class DistributedMapDefinitionTests
{
    private const string Reader = """{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"} }""";

    [Theory]
    [InlineData("\"ItemBatcher\":{\"MaxItemsPerBatch\":10}", "has the field 'ItemBatcher'")]
    [InlineData("\"Label\":\"a b\"", "Label is 'a b'; allowed are 1 to 40 characters")]
    [InlineData("\"Label\":\"01234567890123456789012345678901234567890\"", "Label is '0123456789")]
    [InlineData("\"ToleratedFailurePercentage\":101", "ToleratedFailurePercentage is 101; it must be a number from 0 to 100")]
    [InlineData("\"ToleratedFailureCount\":1.5", "ToleratedFailureCount is 1.5; it must be an integer")]
    [InlineData("\"ToleratedFailureCount\":1,\"ToleratedFailureCountPath\":\"$.n\"", "ToleratedFailureCount and ToleratedFailureCountPath cannot both be given")]
    [InlineData("\"MaxConcurrency\":1,\"MaxConcurrencyPath\":\"$.n\"", "MaxConcurrency and MaxConcurrencyPath cannot both be given")]
    [InlineData("\"ItemsPath\":\"$.items\",\"ItemReader\":{}", "ItemReader and ItemsPath cannot both be given")]
    [InlineData("\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:listObjectsV2\"}", "Resource is 'arn:aws:states:::s3:listObjectsV2'; this engine runs arn:aws:states:::s3:getObject")]
    [InlineData("\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"ReaderConfig\":{\"InputType\":\"CSV\"}}", "InputType is 'CSV'; this engine reads JSON")]
    [InlineData("\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"ReaderConfig\":{\"InputType\":\"JSON\",\"ItemsPointer\":\"/x\"}}", "has the field 'ItemsPointer'")]
    [InlineData("\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"ReaderConfig\":{\"InputType\":\"JSON\"},\"Parameters\":{\"Bucket\":\"b\"}}", "Parameters has no Key")]
    [InlineData("\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"ReaderConfig\":{\"InputType\":\"JSON\"},\"Parameters\":{\"Bucket\":\"b\",\"Key\":\"k\",\"VersionId\":\"v\"}}", "Parameters has 'VersionId'")]
    [InlineData("\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",\"WriterConfig\":{},\"Parameters\":{\"Bucket\":\"b\",\"Prefix\":\"p\"}}", "has the field 'WriterConfig'")]
    [InlineData("\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:getObject\"}", "this engine runs arn:aws:states:::s3:putObject")]
    public void What_is_wrong_is_refused_by_its_name(string fields, string sentence) => Refusal(fields, Distributed).ShouldContain(sentence);

    [Theory]
    [InlineData("""{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}""", "ExecutionType is 'EXPRESS'; this engine runs STANDARD")]
    [InlineData("""{"Mode":"DISTRIBUTED"}""", "ExecutionType is ''; this engine runs STANDARD")]
    [InlineData("""{"Mode":"INLINE","ExecutionType":"STANDARD"}""", "it belongs to the mode DISTRIBUTED")]
    [InlineData("""{"Mode":"PARALLEL"}""", "Mode is 'PARALLEL'; allowed are INLINE and DISTRIBUTED")]
    public void A_mode_that_is_not_run_is_refused(string config, string sentence) => Refusal("\"Comment\":\"\"", config).ShouldContain(sentence);

    [Theory]
    [InlineData("Label")]
    [InlineData("ToleratedFailureCount")]
    [InlineData("ItemReader")]
    public void An_inline_map_has_no_such_field(string field) =>
        Refusal($"\"{field}\":1", """{"Mode":"INLINE"}""").ShouldContain($"{field} belongs to the mode DISTRIBUTED");

    [Fact]
    public void Two_maps_with_one_label_are_refused()
    {
        static string Map(string name, string next) => $$"""
            "{{name}}":{"Type":"Map","Label":"same",{{next}},"ItemProcessor":{"ProcessorConfig":{{Distributed}},"StartAt":"{{name}}1","States":{"{{name}}1":{"Type":"Pass","End":true} } } }
            """;
        Should.Throw<DefinitionException>(() => StateMachineDefinition.Parse($$"""{"StartAt":"A","States":{ {{Map("A", "\"Next\":\"B\"")}}, {{Map("B", "\"End\":true")}} } }"""))
            .Message.ShouldContain("Label is 'same', which another Map has");
    }

    [Fact]
    public void All_that_it_may_say_is_read()
    {
        var map = (MapState)StateMachineDefinition.Parse(Machine.One($$"""
            {"Type":"Map","Label":"databases","MaxConcurrency":60,"ToleratedFailurePercentage":12.5,"ItemReader":{{Reader}},"ItemSelector":{"p.$":"$$.Map.Item.Value"},
             "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"} },
             "ItemProcessor":{"ProcessorConfig":{{Distributed}},"StartAt":"W","States":{"W":{"Type":"Pass","End":true} } },"End":true}
            """)).Graph.States["S"];

        map.MaxConcurrency.ShouldBe(60);
        map.Distributed.ShouldNotBeNull().ShouldSatisfyAllConditions(
            d => d.Label.ShouldBe("databases"), d => d.Tolerance.Percentage.ShouldBe(12.5), d => d.Reader.ShouldNotBeNull(), d => d.Writer.ShouldNotBeNull());
    }

    private const string Distributed = """{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}""";

    private static string Refusal(string fields, string config) => Should.Throw<DefinitionException>(() => StateMachineDefinition.Parse(Machine.One(
        $$"""{"Type":"Map",{{fields}},"ItemProcessor":{"ProcessorConfig":{{config}},"StartAt":"W","States":{"W":{"Type":"Pass","End":true} } },"End":true}"""))).Message;
}
