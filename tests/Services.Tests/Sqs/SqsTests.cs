using Amazon.SQS;
using Amazon.SQS.Model;
using Dbre.Lab.Services.Sqs;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Sqs;

public sealed class SqsTests : IDisposable
{
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new SqsService(world));
    private readonly AmazonSQSClient sqs;

    public SqsTests() => sqs = new AmazonSQSClient(EmulatedCloud.Operator, cloud.Config<AmazonSQSConfig>());

    public void Dispose() => sqs.Dispose();

    [Fact]
    public async Task ReceiveMessage_hides_the_message_until_it_is_deleted_or_its_time_is_over()
    {
        var queue = await Queue("work");
        var sent = await sqs.SendMessageAsync(new()
        {
            QueueUrl = queue, MessageBody = "hello", MessageAttributes = new() { ["cause"] = new() { DataType = "String", StringValue = "timeout" } },
        });

        var first = (await Receive(queue)).ShouldHaveSingleItem();

        (first.MessageId, first.Body, first.MD5OfBody).ShouldBe((sent.MessageId, "hello", "5d41402abc4b2a76b9719d911017c592"));
        first.MessageAttributes["cause"].StringValue.ShouldBe("timeout");
        first.MD5OfMessageAttributes.ShouldBe(sent.MD5OfMessageAttributes);
        (await Receive(queue)).ShouldBeEmpty();
        cloud.Clock.Advance(TimeSpan.FromSeconds(31));
        var second = (await Receive(queue)).ShouldHaveSingleItem();
        second.Attributes["ApproximateReceiveCount"].ShouldBe("2");
        await sqs.DeleteMessageAsync(new() { QueueUrl = queue, ReceiptHandle = second.ReceiptHandle });
        cloud.Clock.Advance(TimeSpan.FromSeconds(31));
        (await Receive(queue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReceiveMessage_moves_what_was_received_too_often_to_the_dead_letter_queue()
    {
        var dead = await Queue("dead");
        var queue = await Queue("work", ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111111111111:dead","maxReceiveCount":2}"""), ("VisibilityTimeout", "0"));
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "poison" });

        (await Receive(queue)).Count.ShouldBe(1);
        (await Receive(queue)).Count.ShouldBe(1);
        (await Receive(queue)).ShouldBeEmpty();

        (await Receive(dead)).ShouldHaveSingleItem().Body.ShouldBe("poison");
    }

    [Fact]
    public async Task ReceiveMessage_that_waits_answers_when_a_message_comes()
    {
        var queue = await Queue("work");
        var waiting = sqs.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = queue, WaitTimeSeconds = 20 });
        waiting.IsCompleted.ShouldBeFalse();

        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "late" });
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));

        (await waiting).Messages.ShouldHaveSingleItem().Body.ShouldBe("late");
    }

    [Fact]
    public async Task Messages_past_their_retention_are_gone()
    {
        var queue = await Queue("work", ("MessageRetentionPeriod", "60"));
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "old" });

        cloud.Clock.Advance(TimeSpan.FromSeconds(61));

        (await sqs.GetQueueAttributesAsync(new() { QueueUrl = queue, AttributeNames = ["ApproximateNumberOfMessages"] })).Attributes["ApproximateNumberOfMessages"].ShouldBe("0");
    }

    [Fact]
    public async Task CreateQueue_again_is_the_same_queue_unless_an_attribute_differs()
    {
        var queue = await Queue("work", ("VisibilityTimeout", "60"));

        (await Queue("work", ("VisibilityTimeout", "60"))).ShouldBe(queue);
        (await Should.ThrowAsync<AmazonSQSException>(() => Queue("work", ("VisibilityTimeout", "61")))).Message.ShouldContain("work");
        (await Should.ThrowAsync<AmazonSQSException>(() => Queue("work.fifo"))).Message.ShouldBe("The lab does not emulate FIFO queues ('work.fifo').");
        (await Should.ThrowAsync<AmazonSQSException>(() => Queue("other", ("Colour", "red")))).Message.ShouldBe("Unknown Attribute Colour.");
    }

    private async Task<string> Queue(string name, params (string Name, string Value)[] attributes) =>
        (await sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = name, Attributes = attributes.ToDictionary(a => a.Name, a => a.Value) })).QueueUrl;

    private async Task<List<Message>> Receive(string queue) => (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest
    {
        QueueUrl = queue, MaxNumberOfMessages = 10, MessageAttributeNames = ["All"], MessageSystemAttributeNames = ["All"],
    })).Messages ?? [];
}
