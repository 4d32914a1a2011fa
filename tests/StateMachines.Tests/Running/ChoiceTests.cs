using Dbre.Lab.StateMachines;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

public sealed class ChoiceTests
{
    private const string Input = """
        {"s":"foo*bar.log","t":"b","n":5,"m":7,"yes":true,"no":false,"nil":null,
         "early":"2026-11-21T03:00:00Z","late":"2026-11-21T05:00:00+01:00"}
        """;

    [Theory]
    [InlineData("""{"Variable":"$.t","StringEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.t","StringEquals":"B"}""", false)]
    [InlineData("""{"Variable":"$.n","StringEquals":"5"}""", false)]
    [InlineData("""{"Variable":"$.t","StringEqualsPath":"$.t"}""", true)]
    [InlineData("""{"Variable":"$.t","StringLessThan":"c"}""", true)]
    [InlineData("""{"Variable":"$.t","StringGreaterThan":"b"}""", false)]
    [InlineData("""{"Variable":"$.t","StringLessThanEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.t","StringGreaterThanEqualsPath":"$.s"}""", false)]
    [InlineData("""{"Variable":"$.s","StringMatches":"foo*.log"}""", true)]
    [InlineData("""{"Variable":"$.s","StringMatches":"foo\\*bar*"}""", true)]
    [InlineData("""{"Variable":"$.t","StringMatches":"\\*"}""", false)]
    [InlineData("""{"Variable":"$.s","StringMatches":"foo"}""", false)]
    [InlineData("""{"Variable":"$.n","NumericEquals":5.0}""", true)]
    [InlineData("""{"Variable":"$.n","NumericLessThanPath":"$.m"}""", true)]
    [InlineData("""{"Variable":"$.n","NumericGreaterThan":5}""", false)]
    [InlineData("""{"Variable":"$.n","NumericGreaterThanEquals":5}""", true)]
    [InlineData("""{"Variable":"$.t","NumericLessThanEquals":5}""", false)]
    [InlineData("""{"Variable":"$.yes","BooleanEquals":true}""", true)]
    [InlineData("""{"Variable":"$.yes","BooleanEqualsPath":"$.no"}""", false)]
    [InlineData("""{"Variable":"$.early","TimestampLessThanPath":"$.late"}""", true)]
    [InlineData("""{"Variable":"$.late","TimestampEquals":"2026-11-21T04:00:00Z"}""", true)]
    [InlineData("""{"Variable":"$.t","TimestampGreaterThan":"2026-11-21T04:00:00Z"}""", false)]
    [InlineData("""{"Variable":"$.nil","IsNull":true}""", true)]
    [InlineData("""{"Variable":"$.t","IsNull":false}""", true)]
    [InlineData("""{"Variable":"$.gone","IsPresent":false}""", true)]
    [InlineData("""{"Variable":"$.nil","IsPresent":true}""", true)]
    [InlineData("""{"Variable":"$.t","IsString":true}""", true)]
    [InlineData("""{"Variable":"$.n","IsString":true}""", false)]
    [InlineData("""{"Variable":"$.n","IsNumeric":true}""", true)]
    [InlineData("""{"Variable":"$.no","IsBoolean":true}""", true)]
    [InlineData("""{"Variable":"$.early","IsTimestamp":true}""", true)]
    [InlineData("""{"Variable":"$.t","IsTimestamp":true}""", false)]
    [InlineData("""{"And":[{"Variable":"$.yes","BooleanEquals":true},{"Variable":"$.n","NumericEquals":5}]}""", true)]
    [InlineData("""{"Or":[{"Variable":"$.no","BooleanEquals":true},{"Variable":"$.n","NumericEquals":6}]}""", false)]
    [InlineData("""{"Not":{"Variable":"$.no","BooleanEquals":true}}""", true)]
    [InlineData("""{"And":[{"Variable":"$.gone","IsPresent":true},{"Variable":"$.gone","StringEquals":"x"}]}""", false)]
    public void Rule_holds_as_documented(string rule, bool holds)
    {
        var output = new Machine().Run(Ruled(rule[1..^1]), Input);

        output!.GetValue<string>().ShouldBe(holds ? "yes" : "no");
    }

    [Fact]
    public void No_match_without_a_default_fails_by_its_own_name() =>
        new Machine().Fails("""{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"E"}]},"E":{"Type":"Succeed"}}}""", Input)
            .Error.ShouldBe(StatesError.NoChoiceMatched);

    [Fact]
    public void Comparison_of_what_is_not_there_ends_the_execution() =>
        new Machine().Fails(Ruled("\"Variable\":\"$.gone\",\"StringEquals\":\"x\""), Input).Error.ShouldBe(StatesError.Runtime);

    private static string Ruled(string rule) => $$"""
        {"StartAt":"C","States":{
          "C":{"Type":"Choice","Choices":[{ {{rule}},"Next":"Y"}],"Default":"N"},
          "Y":{"Type":"Pass","Result":"yes","End":true},"N":{"Type":"Pass","Result":"no","End":true} } }
        """;
}
