using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Amazon.SQS;
using Dbre.Lab.Services.Sns;
using Dbre.Lab.Services.Sqs;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Sns;

public sealed class SnsTests : IDisposable
{
    private const string QueueArn = "arn:aws:sqs:us-east-1:111111111111:inbox";
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new SnsService(world)).With(world => new SqsService(world));
    private readonly AmazonSimpleNotificationServiceClient sns;
    private readonly AmazonSQSClient sqs;

    public SnsTests()
    {
        sns = Client(EmulatedCloud.Operator);
        sqs = new AmazonSQSClient(EmulatedCloud.Operator, cloud.Config<AmazonSQSConfig>());
    }

    public void Dispose()
    {
        sns.Dispose();
        sqs.Dispose();
    }

    [Fact]
    public async Task Publish_reaches_a_queue_whose_policy_lets_the_topic()
    {
        var topic = await Topic();
        var queue = await Inbox(topic);
        await sns.SubscribeAsync(new SubscribeRequest { TopicArn = topic, Protocol = "sqs", Endpoint = QueueArn });

        var sent = await sns.PublishAsync(new PublishRequest { TopicArn = topic, Subject = "done", Message = "12 copied" });

        var envelope = JsonNode.Parse((await sqs.ReceiveMessageAsync(new() { QueueUrl = queue })).Messages.Single().Body)!;
        ((string?)envelope["MessageId"], (string?)envelope["Subject"], (string?)envelope["Message"]).ShouldBe((sent.MessageId, "done", "12 copied"));
        Outbox.ShouldHaveSingleItem().Undelivered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_to_a_queue_whose_policy_does_not_let_the_topic_says_why_it_was_not_delivered()
    {
        var topic = await Topic();
        await sqs.CreateQueueAsync(new() { QueueName = "inbox" });
        await sns.SubscribeAsync(new SubscribeRequest { TopicArn = topic, Protocol = "sqs", Endpoint = QueueArn });

        await sns.PublishAsync(new PublishRequest { TopicArn = topic, Message = "12 copied" });

        Outbox.ShouldHaveSingleItem().Undelivered.ShouldHaveSingleItem()
            .ShouldContain("sns.amazonaws.com is not authorized to perform: sqs:SendMessage");
    }

    [Fact]
    public async Task Subscribe_an_email_address_waits_for_its_confirmation()
    {
        var topic = await Topic();

        (await sns.SubscribeAsync(new SubscribeRequest { TopicArn = topic, Protocol = "email", Endpoint = "dba@example.com" })).SubscriptionArn.ShouldBe("pending confirmation");

        var listed = (await sns.ListSubscriptionsByTopicAsync(new ListSubscriptionsByTopicRequest { TopicArn = topic })).Subscriptions.ShouldHaveSingleItem();
        (listed.SubscriptionArn, listed.Endpoint).ShouldBe(("PendingConfirmation", "dba@example.com"));
        (await Should.ThrowAsync<AmazonSimpleNotificationServiceException>(() => sns.SubscribeAsync(new SubscribeRequest { TopicArn = topic, Protocol = "sms", Endpoint = "1" })))
            .Message.ShouldStartWith("The lab does not emulate the protocol sms;");
    }

    [Fact]
    public async Task Publish_to_an_encrypted_topic_asks_for_the_key_too()
    {
        using var kms = new AmazonKeyManagementServiceClient(EmulatedCloud.Operator, cloud.Config<AmazonKeyManagementServiceConfig>());
        var key = (await kms.CreateKeyAsync(new())).KeyMetadata.Arn;
        var topic = (await sns.CreateTopicAsync(new CreateTopicRequest { Name = "notifications", Attributes = new() { ["KmsMasterKeyId"] = key } })).TopicArn;
        using var notifier = Client(cloud.Role("notifier", EmulatedCloud.Allow("sns:Publish", topic)));

        var refusal = await Should.ThrowAsync<AmazonSimpleNotificationServiceException>(() => notifier.PublishAsync(new PublishRequest { TopicArn = topic, Message = "x" }));

        refusal.ErrorCode.ShouldBe("AuthorizationError");
        refusal.Message.ShouldContain("kms:GenerateDataKey");
        cloud.World.Iam.PutRolePolicy("arn:aws:iam::111111111111:role/notifier", "key", EmulatedCloud.Allow("kms:*", key));
        await notifier.PublishAsync(new PublishRequest { TopicArn = topic, Message = "x" });
    }

    [Fact]
    public async Task Publish_to_a_topic_that_is_not_there_or_with_a_long_subject_is_refused()
    {
        var topic = await Topic();

        (await Should.ThrowAsync<NotFoundException>(() => sns.PublishAsync(new PublishRequest { TopicArn = topic + "x", Message = "m" }))).Message.ShouldBe("Topic does not exist");
        (await Should.ThrowAsync<InvalidParameterException>(() => sns.PublishAsync(new PublishRequest { TopicArn = topic, Message = "m", Subject = new string('s', 101) }))).Message.ShouldContain("1 to 100");
    }

    private IReadOnlyList<PublishedMessage> Outbox => cloud.World.Service<SnsService>().Published;

    private AmazonSimpleNotificationServiceClient Client(AWSCredentials credentials) => new(credentials, cloud.Config<AmazonSimpleNotificationServiceConfig>());

    private async Task<string> Topic() => (await sns.CreateTopicAsync(new CreateTopicRequest { Name = "notifications" })).TopicArn;

    private async Task<string> Inbox(string topic) => (await sqs.CreateQueueAsync(new()
    {
        QueueName = "inbox",
        Attributes = new()
        {
            ["Policy"] = $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"{{{QueueArn}}}","Condition":{"ArnEquals":{"aws:SourceArn":"{{{topic}}}"} } } }""",
        },
    })).QueueUrl;
}
