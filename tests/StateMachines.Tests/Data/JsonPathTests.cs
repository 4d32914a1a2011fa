using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Data;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Data;

public sealed class JsonPathTests
{
    private const string Store = """
        {"a":{"b":1,"c d":2,"x-y":3,"n":null},"list":[10,20,30,40,50],
         "books":[{"t":"one","p":5,"in":true},{"t":"two","p":15},{"t":"three","p":10,"tags":["x"]}],"deep":{"t":"four"}}
        """;

    [Theory]
    [InlineData("$.a.b", "1")]
    [InlineData("$['a']['c d']", "2")]
    [InlineData("$.a.x-y", "3")]
    [InlineData("$.a[\"b\"]", "1")]
    [InlineData("$.a.n", "null")]
    [InlineData("$.list[0]", "10")]
    [InlineData("$.list[-1]", "50")]
    [InlineData("$.books[1].t", "\"two\"")]
    [InlineData("$.list[*]", "[10,20,30,40,50]")]
    [InlineData("$.list[1:3]", "[20,30]")]
    [InlineData("$.list[-2:]", "[40,50]")]
    [InlineData("$.list[:2]", "[10,20]")]
    [InlineData("$.list[::2]", "[10,30,50]")]
    [InlineData("$.list[0,2]", "[10,30]")]
    [InlineData("$.a['b','c d']", "[1,2]")]
    [InlineData("$.books[*].t", "[\"one\",\"two\",\"three\"]")]
    [InlineData("$..t", "[\"one\",\"two\",\"three\",\"four\"]")]
    [InlineData("$.a.*", "[1,2,3,null]")]
    [InlineData("$.books[?(@.p > 5)].t", "[\"two\",\"three\"]")]
    [InlineData("$.books[?(@.t == 'one')].p", "[5]")]
    [InlineData("$.books[?(@.t != 'one' && @.p < 15)].t", "[\"three\"]")]
    [InlineData("$.books[?(@.p == 5 || @.p == 15)].t", "[\"one\",\"two\"]")]
    [InlineData("$.books[?(@.tags)].t", "[\"three\"]")]
    [InlineData("$.books[?(!@.in)].t", "[\"two\",\"three\"]")]
    [InlineData("$.books[?(@.tags[0] == 'x')].p", "[10]")]
    [InlineData("$.books[?(@.p >= 100)]", "[]")]
    [InlineData("$.nothing[*]", "[]")]
    public void Path_finds_what_it_names(string path, string expected) => Machine.Made(path, Store).ShouldBeJson(expected);

    [Theory]
    [InlineData("$.list.length()", "length()")]
    [InlineData("$.list[(@.length-1)]", "script expression")]
    [InlineData("$.books[?(@.t =~ /o/)]", "filter")]
    [InlineData("$.books[?('x')]", "literal only")]
    [InlineData("$.a.", "ends in a dot")]
    [InlineData("$.a[", "ends inside brackets")]
    [InlineData("$.list[0:4:0]", "step 0")]
    [InlineData("$a", "where a step")]
    [InlineData("a.b", "must begin with $")]
    public void Path_beyond_the_subset_is_refused_with_its_reason(string path, string reason) =>
        Should.Throw<FormatException>(() => JsonPath.Parse(path)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("$.a", """{"a":1}""", """{"a":"new"}""")]
    [InlineData("$.b.c", """{"a":1}""", """{"a":1,"b":{"c":"new"}}""")]
    [InlineData("$.l[1]", """{"l":[1,2]}""", """{"l":[1,"new"]}""")]
    [InlineData("$", """{"a":1}""", "\"new\"")]
    public void ResultPath_puts_the_result_at_its_place(string path, string input, string expected) =>
        new Machine().Run(Machine.One($$"""{"Type":"Pass","Result":"new","ResultPath":"{{path}}","End":true}"""), input).ShouldBeJson(expected);

    [Theory]
    [InlineData("$.a.b", """{"a":1}""")]
    [InlineData("$.l[2]", """{"l":[1,2]}""")]
    public void ResultPath_that_leads_nowhere_fails_by_its_own_name(string path, string input) =>
        new Machine().Fails(Machine.One($$"""{"Type":"Pass","Result":1,"ResultPath":"{{path}}","End":true}"""), input).Error.ShouldBe(StatesError.ResultPathMatchFailure);

    [Fact]
    public void Path_that_finds_nothing_fails_as_States_Runtime_and_shows_the_input()
    {
        var failed = new Machine().Fails(Machine.Pass("""{"x.$":"$.no.such"}"""), """{"other":1}""");

        failed.Error.ShouldBe("States.Runtime");
        failed.Cause.ShouldBe("""The JSONPath '$.no.such' could not be found in the input '{"other":1}'""");
    }
}

internal static class JsonExpectations
{
    internal static void ShouldBeJson(this JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue($"{actual?.ToJsonString() ?? "null"} is not {expected}");
}
