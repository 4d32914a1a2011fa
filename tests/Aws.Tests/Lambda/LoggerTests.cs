using System.Text.Json;
using Amazon.Lambda.Core;
using AWS.Lambda.Powertools.Logging;
using MelLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Dbre.Aws.Tests.Lambda;

public sealed class LoggerTests
{
    private static readonly LoggerSettings Settings = new("snapshots", MelLevel.Information, TimeProvider.System);

    [Fact]
    public void Line_is_one_object_with_message_service_and_the_templates_arguments()
    {
        var line = LogLine.Format(MelLevel.Warning, null, "Copied {Snapshot} in {Seconds} s", ["nightly \"1\"", 12.5], [new("operationId", "op-1")], Settings);

        line.ShouldNotContain('\n');
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("level").GetString().ShouldBe("Warning");
        json.GetProperty("message").GetString().ShouldBe("Copied nightly \"1\" in 12.5 s");
        json.GetProperty("service").GetString().ShouldBe("snapshots");
        json.GetProperty("Snapshot").GetString().ShouldBe("nightly \"1\"");
        json.GetProperty("Seconds").GetDouble().ShouldBe(12.5);
        json.GetProperty("operationId").GetString().ShouldBe("op-1");
        json.TryGetProperty("cold_start", out _).ShouldBeFalse("there is no invocation");
    }

    [Fact]
    public void Exception_is_written_with_its_cause()
    {
        var line = LogLine.Format(MelLevel.Error, new InvalidOperationException("outer", new TimeoutException("inner")), "failed", [], [], Settings);

        var exception = JsonDocument.Parse(line).RootElement.GetProperty("exception");
        exception.GetProperty("type").GetString().ShouldBe("System.InvalidOperationException");
        exception.GetProperty("inner_exception").GetProperty("message").GetString().ShouldBe("inner");
    }

    [Fact]
    public void Appended_keys_are_this_flows_own()
    {
        Logger.AppendKey("operationId", "op-1");
        Logger.AppendKeys([new KeyValuePair<string, string>("database", "orders")]);
        Logger.GetAllKeys().Select(k => k.Key).ShouldBe(["operationId", "database"]);

        Logger.RemoveKeys("operationId");
        Logger.GetAllKeys().ShouldHaveSingleItem().Value.ShouldBe("orders");
        Logger.RemoveAllKeys();
        Logger.GetAllKeys().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{A} and {B}", "1 and 2")]
    [InlineData("{{A}} {B}", "{A} 1")]
    [InlineData("{A} {B} {C}", "1 2 {C}")]
    [InlineData("open { brace", "open { brace")]
    public void Template_takes_arguments_in_order(string template, string expected) => MessageTemplate.Format(template, 1, 2).ShouldBe(expected);
}
