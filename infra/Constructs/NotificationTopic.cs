using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SNS.Subscriptions;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>Where runs and alarms report to people.</summary>
public sealed class NotificationTopic : Construct
{
    public NotificationTopic(Construct scope, string id, Deployed names, IKey key, string? email) : base(scope, id)
    {
        Topic = new Topic(this, "Topic", new TopicProps { TopicName = Deployed.TopicName, MasterKey = key, EnforceSSL = true });
        // A topic with a policy of its own has lost the default one, which let the account's alarms publish.
        Topic.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "AlarmsOfThisAccount",
            Principals = [new ServicePrincipal("cloudwatch.amazonaws.com")],
            Actions = ["sns:Publish"],
            Resources = [Topic.TopicArn],
            Conditions = new Dictionary<string, object> { ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = names.Account } },
        }));
        if (email is not null)
        {
            Topic.AddSubscription(new EmailSubscription(email));
        }
    }

    public Topic Topic { get; }
}
