using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class TopicsAndQueuesAreEncrypted(CloudFixture cloud)
{
    [Fact]
    public void Every_topic_is_encrypted_by_our_key() => cloud.Resources("AWS::SNS::Topic").Where(topic => topic["KmsMasterKeyId"] is null).ShouldBeEmpty();

    [Fact]
    public void Every_queue_is_encrypted_and_keeps_messages_as_long_as_it_can() => cloud.Resources("AWS::SQS::Queue").Where(queue =>
        queue["SqsManagedSseEnabled"]?.GetValue<bool>() != true || queue["MessageRetentionPeriod"]?.GetValue<int>() != 14 * 24 * 3600).ShouldBeEmpty();
}
