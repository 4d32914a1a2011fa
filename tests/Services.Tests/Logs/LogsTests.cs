using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Logs;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Logs;

public sealed class LogsTests : IDisposable
{
    private const string Group = "/aws/lambda/dbre-copy-snapshot";
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new LogsService(world));
    private readonly AmazonCloudWatchLogsClient logs;

    public LogsTests() => logs = new AmazonCloudWatchLogsClient(EmulatedCloud.Operator, cloud.Config<AmazonCloudWatchLogsConfig>());

    public void Dispose() => logs.Dispose();

    [Theory]
    [InlineData(null, "1,2,3")]
    [InlineData("ERROR", "2,3")]
    [InlineData("ERROR timeout", "3")]
    [InlineData("ERROR -timeout", "2")]
    [InlineData("?INFO ?timeout", "1,3")]
    [InlineData("\"ERROR 3\"", "3")]
    [InlineData("error", "")]
    public async Task FilterLogEvents_finds_lines_by_terms(string? pattern, string expected)
    {
        Write("INFO 1");
        Write("ERROR 2");
        Write("ERROR 3 timeout");

        var found = await logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = Group, FilterPattern = pattern });

        string.Join(",", found.Events.Select(e => e.Message.Split(' ')[1])).ShouldBe(expected);
    }

    [Fact]
    public async Task FilterLogEvents_with_a_json_pattern_is_refused_by_name()
    {
        Write("{}");

        (await Should.ThrowAsync<InvalidParameterException>(() => logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = Group, FilterPattern = "{ $.level = \"Error\" }" })))
            .Message.ShouldStartWith("The lab does not emulate JSON");
    }

    [Fact]
    public async Task GetLogEvents_pages_from_the_head()
    {
        for (var i = 0; i < 5; i++)
        {
            Write($"line {i}");
        }

        var first = await logs.GetLogEventsAsync(new GetLogEventsRequest { LogGroupName = Group, LogStreamName = "stream", StartFromHead = true, Limit = 3 });
        var second = await logs.GetLogEventsAsync(new GetLogEventsRequest { LogGroupName = Group, LogStreamName = "stream", NextToken = first.NextForwardToken, Limit = 3 });
        var end = await logs.GetLogEventsAsync(new GetLogEventsRequest { LogGroupName = Group, LogStreamName = "stream", NextToken = second.NextForwardToken });

        first.Events.Concat(second.Events).Select(e => e.Message).ShouldBe(["line 0", "line 1", "line 2", "line 3", "line 4"]);
        (end.Events ?? []).ShouldBeEmpty();
        end.NextForwardToken.ShouldBe(second.NextForwardToken);
    }

    [Fact]
    public async Task Events_past_their_retention_are_gone()
    {
        Write("old");
        await logs.PutRetentionPolicyAsync(new PutRetentionPolicyRequest { LogGroupName = Group, RetentionInDays = 7 });
        cloud.Clock.Advance(TimeSpan.FromDays(8));
        Write("new");

        (await logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = Group })).Events.ShouldHaveSingleItem().Message.ShouldBe("new");
        (await Should.ThrowAsync<InvalidParameterException>(() => logs.PutRetentionPolicyAsync(new PutRetentionPolicyRequest { LogGroupName = Group, RetentionInDays = 8 }))).Message.ShouldStartWith("RetentionInDays must be one of 1, 3, 5, 7");
    }

    [Fact]
    public async Task PutLogEvents_needs_group_and_stream_and_order()
    {
        await logs.CreateLogGroupAsync(new CreateLogGroupRequest { LogGroupName = Group });
        var now = new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Task Put(params long[] at) => logs.PutLogEventsAsync(new PutLogEventsRequest { LogGroupName = Group, LogStreamName = "s", LogEvents = [.. at.Select(t => new InputLogEvent { Timestamp = t, Message = "m" })] });

        (await Should.ThrowAsync<ResourceNotFoundException>(() => Put(now))).Message.ShouldBe("The specified log stream does not exist.");
        await logs.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = Group, LogStreamName = "s" });
        await Put(now, now + 1);
        await Should.ThrowAsync<InvalidParameterException>(() => Put(now + 1, now));

        (await logs.DescribeLogStreamsAsync(new DescribeLogStreamsRequest { LogGroupName = Group })).LogStreams.ShouldHaveSingleItem().LastEventTimestamp.ShouldBe(now + 1);
        (await logs.DescribeLogGroupsAsync(new DescribeLogGroupsRequest { LogGroupNamePrefix = "/aws/" })).LogGroups.ShouldHaveSingleItem().LogGroupName.ShouldBe(Group);
    }

    private void Write(string line) =>
        cloud.World.Find<ILogSink>()!.Write(EmulatedCloud.Account, EmulatedCloud.Region, Group, "stream", cloud.World.Now, line);
}
