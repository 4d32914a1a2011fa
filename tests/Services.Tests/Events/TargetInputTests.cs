using System.Text.Json;
using Amazon.EventBridge.Model;
using Dbre.Lab.Services.Events;
using Dbre.Lab.Services.Events.Patterns;

namespace Dbre.Services.Tests.Events;

public sealed class TargetInputTests
{
    private const string Event = """{"id":"e-1","detail":{"instance":"orders","state":"said \"no\"","size":3,"tags":[{"k":"a"},{"k":"b"}]}}""";

    // paths, template, what the target gets
    public static TheoryData<string, string, string> Templates => new()
    {
        { """{"i":"$.detail.instance"}""", "\"instance <i> is back\"", "\"instance orders is back\"" },
        { """{"i":"$.detail.instance","n":"$.detail.size"}""", """{"instance":<i>,"size":<n>}""", """{"instance":"orders","size":3}""" },
        { """{"i":"$.detail.instance"}""", """{"text":"the \"<i>\" one"}""", """{"text":"the \"orders\" one"}""" },
        { """{"s":"$.detail.state"}""", """{"text":"<s>"}""", """{"text":"said \u0022no\u0022"}""" },
        { """{"t":"$.detail.tags[1].k"}""", """{"tag":<t>}""", """{"tag":"b"}""" },
        { """{"t":"$.detail.tags"}""", """{"tags":<t>}""", """{"tags":[{"k":"a"},{"k":"b"}]}""" },
        { """{"x":"$.detail.absent"}""", """{"x":<x>,"y":"<x>"}""", """{"x":"","y":""}""" },
        { "{}", """{"rule":<aws.events.rule-name>,"at":"<aws.events.event.ingestion-time>"}""", """{"rule":"changed","at":"2026-11-21T03:00:00Z"}""" },
        { "{}", """{"event":<aws.events.event>}""", $$"""{"event":{{Event}}}""" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void For_fills_the_template(string paths, string template, string expected) =>
        Input(new Target
        {
            Id = "t",
            InputTransformer = new InputTransformer { InputPathsMap = JsonSerializer.Deserialize<Dictionary<string, string>>(paths), InputTemplate = template },
        }).ShouldBe(expected);

    [Fact]
    public void For_is_the_whole_event_unless_the_target_says_otherwise() => Input(new Target { Id = "t" }).ShouldBe(Event);

    [Fact]
    public void For_takes_the_constant() => Input(new Target { Id = "t", Input = """{"a":1}""" }).ShouldBe("""{"a":1}""");

    [Fact]
    public void For_takes_the_part_at_the_path() => Input(new Target { Id = "t", InputPath = "$.detail.tags[0]" }).ShouldBe("""{"k":"a"}""");

    [Fact]
    public void For_says_what_the_event_lacks() =>
        Should.Throw<FormatException>(() => Input(new Target { Id = "t", InputPath = "$.detail.absent" })).Message.ShouldBe("the event has nothing at InputPath $.detail.absent");

    [Fact]
    public void Read_refuses_two_inputs() =>
        Should.Throw<FormatException>(() => TargetInput.Read(new Target { Id = "t", Input = "{}", InputPath = "$" })).Message.ShouldContain("only one of Input, InputPath and InputTransformer");

    [Theory]
    [InlineData("$.detail[*]")]
    [InlineData("$..state")]
    [InlineData("detail")]
    public void Read_refuses_paths_it_does_not_follow(string path) =>
        Should.Throw<FormatException>(() => TargetInput.Read(new Target { Id = "t", InputPath = path })).Message.ShouldContain($"'{path}'");

    [Theory]
    [InlineData("""{"x":<y>}""", "<y>, which InputPathsMap does not define")]
    [InlineData("""{"x":}""", "InputTemplate of target t is not JSON")]
    public void Read_refuses_templates_by_name(string template, string sentence) =>
        Should.Throw<FormatException>(() => TargetInput.Read(new Target { Id = "t", InputTransformer = new InputTransformer { InputTemplate = template } }))
            .Message.ShouldContain(sentence);

    private static string Input(Target target)
    {
        using var document = JsonDocument.Parse(Event);
        var rule = new StoredRule("111111111111", "us-east-1", "changed") { Pattern = EventPattern.Parse("""{"source":["a"]}""") };
        return TargetInput.Read(target).For(new EventForTarget(document.RootElement, new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero), rule));
    }
}
