using Dbre.Lab.Deployment.Resources;

namespace Dbre.Lab.Deployment;

/// <summary>The CloudFormation resource types that the lab makes.</summary>
internal static class ResourceTypes
{
    private static readonly Dictionary<string, ResourceType> Types = new ResourceType[]
    {
        new CdkMetadata(), new CloudWatchAlarm(), new DynamoDbTable(), new EventsRule(), new IamRole(), new KmsAlias(), new KmsKey(), new LambdaFunction(),
        new LogsLogGroup(), new S3Bucket(), new S3BucketPolicy(), new SchedulerSchedule(), new SchedulerScheduleGroup(), new SnsSubscription(),
        new SnsTopic(), new SnsTopicPolicy(), new SqsQueue(), new SqsQueuePolicy(), new StepFunctionsStateMachine(),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Types.Keys.Order(StringComparer.Ordinal);

    public static ResourceType? Find(string name) => Types.GetValueOrDefault(name);
}
