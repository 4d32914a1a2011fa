using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.CloudWatchEvents;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Dbre.Aws.Tests.Lambda;

public sealed partial class EventTests
{
    private const string Event = """
        {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"RDS DB Snapshot Event","source":"aws.rds","account":"111111111111",
         "time":"2026-11-21T03:00:00Z","region":"eu-west-1","resources":["arn:aws:rds:eu-west-1:111111111111:snapshot:copy"],
         "detail":{"EventID":"RDS-EVENT-0060","Unknown":1}}
        """;

    public static TheoryData<ILambdaSerializer> Serializers => [new DefaultLambdaJsonSerializer(), new SourceGeneratorLambdaJsonSerializer<Context>()];

    [Theory]
    [MemberData(nameof(Serializers))]
    public void Rds_event_is_read_with_its_detail(ILambdaSerializer serializer)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Event));

        var read = serializer.Deserialize<CloudWatchEvent<RdsDetail>>(stream);

        read.DetailType.ShouldBe("RDS DB Snapshot Event");
        read.Time.ShouldBe(new DateTime(2026, 11, 21, 3, 0, 0, DateTimeKind.Utc));
        read.Resources.ShouldHaveSingleItem();
        read.Detail!.EventID.ShouldBe("RDS-EVENT-0060");
    }

    [Fact]
    public void Type_that_the_generated_context_lacks_is_named()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Event));

        Should.Throw<JsonSerializerException>(() => new SourceGeneratorLambdaJsonSerializer<Context>().Deserialize<ScheduledEvent>(stream))
            .Message.ShouldContain(nameof(ScheduledEvent));
    }

    internal sealed record RdsDetail(string EventID);

    [JsonSerializable(typeof(CloudWatchEvent<RdsDetail>))]
    internal sealed partial class Context : JsonSerializerContext;
}
