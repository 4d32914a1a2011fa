using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SQS;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>The dead-letter queue for invocations that never arrived or never succeeded, with an alarm on the first message.</summary>
public sealed class UndeliveredQueue : Construct
{
    public UndeliveredQueue(Construct scope, string id, ITopic topic) : base(scope, id)
    {
        Queue = new Queue(this, "Queue", new QueueProps
        {
            QueueName = Deployed.UndeliveredQueue,
            Encryption = QueueEncryption.SQS_MANAGED,
            EnforceSSL = true,
            // The longest that SQS keeps a message.
            RetentionPeriod = Duration.Days(14),
        });
        _ = new AlarmWithRunbook(this, "Depth", topic, "dead-letters", "A scheduled start was not delivered, or failed every time.", new AlarmProps
        {
            AlarmName = "dbre-dead-letters",
            Metric = Queue.MetricApproximateNumberOfMessagesVisible(new MetricOptions { Statistic = "Maximum", Period = Duration.Minutes(5) }),
            Threshold = 1,
            EvaluationPeriods = 1,
        });
    }

    public Queue Queue { get; }
}
