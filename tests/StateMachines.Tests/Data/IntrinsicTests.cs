using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Data;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Data;

public sealed class IntrinsicTests
{
    private const string Input = """{"name":"orders","n":3,"list":[1,2,2,3],"json":"{\"a\":[1]}","o":{"a":1,"b":2},"p":{"b":3},"template":"<{}>"}""";

    [Theory]
    [InlineData("States.Format('Hello, {} and {}', $.name, 4)", "\"Hello, orders and 4\"")]
    [InlineData("States.Format('{}{}{}', true, null, 1.5)", "\"truenull1.5\"")]
    [InlineData("States.Format('a \\{\\} \\'{}\\' \\\\', $.n)", "\"a {} '3' \\\\\"")]
    [InlineData("States.Format($.template, $.name)", "\"<orders>\"")]
    [InlineData("States.Format('plain')", "\"plain\"")]
    [InlineData("States.StringToJson($.json)", "{\"a\":[1]}")]
    [InlineData("States.JsonToString($.o)", "\"{\\\"a\\\":1,\\\"b\\\":2}\"")]
    [InlineData("States.Array()", "[]")]
    [InlineData("States.Array($.name, 'x, )', 2, null)", "[\"orders\",\"x, )\",2,null]")]
    [InlineData("States.ArrayPartition($.list, 3)", "[[1,2,2],[3]]")]
    [InlineData("States.ArrayContains($.list, 3)", "true")]
    [InlineData("States.ArrayContains($.list, '3')", "false")]
    [InlineData("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]")]
    [InlineData("States.ArrayRange(3, 1, -1)", "[3,2,1]")]
    [InlineData("States.ArrayRange(3, 1, 1)", "[]")]
    [InlineData("States.ArrayGetItem($.list, 0)", "1")]
    [InlineData("States.ArrayLength($.list)", "4")]
    [InlineData("States.ArrayUnique($.list)", "[1,2,3]")]
    [InlineData("States.Base64Encode('Data to encode')", "\"RGF0YSB0byBlbmNvZGU=\"")]
    [InlineData("States.Base64Decode('RGVjb2RlZCBkYXRh')", "\"Decoded data\"")]
    [InlineData("States.Hash('input data', 'SHA-1')", "\"aaff4a450a104cd177d28d18d74485e8cae074b7\"")]
    [InlineData("States.JsonMerge($.o, $.p, false)", "{\"a\":1,\"b\":3}")]
    [InlineData("States.MathAdd($.n, -1)", "2")]
    [InlineData("States.StringSplit('This.is+a,test=string', '.+,=')", "[\"This\",\"is\",\"a\",\"test\",\"string\"]")]
    [InlineData("States.Array(States.Format('{}', States.MathAdd(1, $.n)), $.list[?(@ > 1)])", "[\"4\",[2,2,3]]")]
    public void Function_gives_what_is_documented(string call, string expected) => Machine.Made(call, Input).ShouldBeJson(expected);

    [Fact]
    public void MathRandom_stays_between_its_bounds_and_repeats_with_a_seed()
    {
        Machine.Made("States.MathRandom(1, 3)")!.GetValue<int>().ShouldBeInRange(1, 2);
        Machine.Made("States.MathRandom(1, 999, 7)").ShouldBeJson(Machine.Made("States.MathRandom(1, 999, 7)")!.ToJsonString());
    }

    [Fact]
    public void UUID_is_a_version_4_UUID() =>
        Machine.Made("States.UUID()")!.GetValue<string>().ShouldMatch("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

    [Theory]
    [InlineData("States.Format('{} {}', 1)", "more {}")]
    [InlineData("States.Format('{}', 1, 2)", "1 {} for 2 arguments")]
    [InlineData("States.Format('{', 1)", "brace")]
    [InlineData("States.Format('{}', $.o)", "JsonToString")]
    [InlineData("States.StringToJson('{')", "had the following error")]
    [InlineData("States.ArrayGetItem($.list, 4)", "has 4 items")]
    [InlineData("States.ArrayPartition($.list, 0)", "1 or more")]
    [InlineData("States.ArrayRange(1, 2000, 1)", "at most 1000")]
    [InlineData("States.ArrayRange(1, 2, 0)", "must not be 0")]
    [InlineData("States.ArrayLength($.name)", "must be an array")]
    [InlineData("States.Hash('x', 'SHA-3')", "SHA-512")]
    [InlineData("States.JsonMerge($.o, $.p, true)", "false")]
    [InlineData("States.Base64Decode('*')", "had the following error")]
    [InlineData("States.MathAdd('1', 2)", "an integer")]
    [InlineData("States.MathRandom(3, 3)", "less than")]
    public void Function_that_cannot_be_applied_fails_by_its_own_name(string call, string reason)
    {
        var failed = new Machine().Fails(Machine.Pass($$"""{"x.$":"{{call.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}"""), Input);

        failed.Error.ShouldBe(StatesError.IntrinsicFailure);
        failed.Cause.ShouldContain(reason);
    }

    [Theory]
    [InlineData("States.Unheard(1)", "unknown function States.Unheard")]
    [InlineData("States.MathAdd(1)", "it takes 2")]
    [InlineData("States.Format('a\\n')", "backslash")]
    [InlineData("States.Format('a)", "closing quote")]
    [InlineData("States.Format('a'", "ends inside a call")]
    [InlineData("States.Format('a') b", "after the call")]
    [InlineData("States.Format(bare)", "'bare'")]
    [InlineData("plain", "neither a path")]
    public void Call_that_is_malformed_is_refused_when_it_is_read(string call, string reason) =>
        Should.Throw<FormatException>(() => Intrinsic.Parse(call)).Message.ShouldContain(reason);
}
