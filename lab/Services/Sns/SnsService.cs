using Amazon.SimpleNotificationService.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Sns;

/// <summary>Standard topics. Queues get their messages; email and https subscriptions are kept and listed; other protocols and FIFO are refused by name.</summary>
public sealed partial class SnsService : EmulatedService
{
    private static readonly HashSet<string> Attributes = ["Policy", "KmsMasterKeyId", "DisplayName"];
    private static readonly HashSet<string> Protocols = ["sqs", "email", "email-json", "https", "http"];

    private readonly SortedDictionary<string, Topic> topics = new(StringComparer.Ordinal);
    private readonly List<PublishedMessage> published = [];

    public SnsService(World world) : base("sns", world)
    {
        On<CreateTopicRequest, CreateTopicResponse>(CreateTopic);
        On<ListTopicsRequest, ListTopicsResponse>(ListTopics);
        On<GetTopicAttributesRequest, GetTopicAttributesResponse>(GetTopicAttributes);
        On<SetTopicAttributesRequest, SetTopicAttributesResponse>(SetTopicAttributes);
        On<DeleteTopicRequest, DeleteTopicResponse>(DeleteTopic);
        On<SubscribeRequest, SubscribeResponse>(Subscribe);
        On<ListSubscriptionsByTopicRequest, ListSubscriptionsByTopicResponse>(ListSubscriptionsByTopic);
        On<PublishRequest, PublishResponse>(Publish);
        On<PublishBatchRequest, PublishBatchResponse>(PublishBatch);
    }

    /// <summary>Everything that topics took, in order: the lab's outbox.</summary>
    public IReadOnlyList<PublishedMessage> Published
    {
        get
        {
            lock (World.Gate)
            {
                return [.. published];
            }
        }
    }

    private CreateTopicResponse CreateTopic(CallContext call, CreateTopicRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.Attributes), nameof(request.Tags));
        var name = request.Name ?? "";
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            throw Invalid($"The lab does not emulate FIFO topics ('{name}').");
        }

        if (name.Length is 0 or > 256 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw Invalid($"Invalid parameter: Topic Name (got '{name}')");
        }

        var topic = new Topic(call.Account, call.Region, name);
        call.Authorize("sns:CreateTopic", topic.Arn);
        foreach (var (attribute, value) in request.Attributes ?? [])
        {
            Set(topic, attribute, value);
        }

        if (!topics.TryAdd(topic.Arn, topic) && !topic.Attributes.All(a => topics[topic.Arn].Attributes.GetValueOrDefault(a.Key) == a.Value))
        {
            throw Invalid("Invalid parameter: Attributes Reason: Topic already exists with different attributes");
        }

        return new CreateTopicResponse { TopicArn = topic.Arn };
    }

    private ListTopicsResponse ListTopics(CallContext call, ListTopicsRequest request)
    {
        call.Authorize("sns:ListTopics", "*");
        var page = Page.Of(topics.Values.Where(t => t.Account == call.Account && t.Region == call.Region), t => t.Arn, request.NextToken, 100, "InvalidParameter");
        return new ListTopicsResponse
        {
            Topics = [.. page.Items.Select(t => new Amazon.SimpleNotificationService.Model.Topic { TopicArn = t.Arn })], NextToken = page.NextToken,
        };
    }

    private GetTopicAttributesResponse GetTopicAttributes(CallContext call, GetTopicAttributesRequest request)
    {
        var topic = Find(call, "sns:GetTopicAttributes", request.TopicArn);
        return new GetTopicAttributesResponse
        {
            Attributes = new(topic.Attributes)
            {
                ["TopicArn"] = topic.Arn,
                ["Owner"] = topic.Account,
                ["SubscriptionsConfirmed"] = Count(topic, confirmed: true),
                ["SubscriptionsPending"] = Count(topic, confirmed: false),
                ["SubscriptionsDeleted"] = "0",
            },
        };
    }

    private SetTopicAttributesResponse SetTopicAttributes(CallContext call, SetTopicAttributesRequest request)
    {
        Set(Find(call, "sns:SetTopicAttributes", request.TopicArn), request.AttributeName, request.AttributeValue ?? "");
        return new SetTopicAttributesResponse();
    }

    // As in AWS, deleting what is not there is no error.
    private DeleteTopicResponse DeleteTopic(CallContext call, DeleteTopicRequest request)
    {
        call.Authorize("sns:DeleteTopic", request.TopicArn);
        topics.Remove(request.TopicArn);
        return new DeleteTopicResponse();
    }

    private SubscribeResponse Subscribe(CallContext call, SubscribeRequest request)
    {
        Parameters.Refuse(request, nameof(request.TopicArn), nameof(request.Protocol), nameof(request.Endpoint), nameof(request.Attributes), nameof(request.ReturnSubscriptionArn));
        var topic = Find(call, "sns:Subscribe", request.TopicArn);
        if (!Protocols.Contains(request.Protocol))
        {
            throw Invalid($"The lab does not emulate the protocol {request.Protocol}; it handles {string.Join(", ", Protocols)}.");
        }

        foreach (var (name, _) in request.Attributes ?? [])
        {
            if (name != "RawMessageDelivery")
            {
                throw Invalid($"The lab does not emulate the subscription attribute {name}; it handles RawMessageDelivery.");
            }
        }

        if (string.IsNullOrEmpty(request.Endpoint) || (request.Protocol == "sqs" && Arn.TryParse(request.Endpoint) is not { Service: "sqs" }))
        {
            throw Invalid($"Invalid parameter: Endpoint of protocol {request.Protocol} (got '{request.Endpoint}')");
        }

        var raw = request.Attributes?.GetValueOrDefault("RawMessageDelivery") == "true";
        var subscription = topic.Subscriptions.Find(s => s.Protocol == request.Protocol && s.Endpoint == request.Endpoint);
        if (subscription is null)
        {
            topic.Subscriptions.Add(subscription = new TopicSubscription($"{topic.Arn}:{World.NewId()}", call.Account, request.Protocol, request.Endpoint, raw));
        }

        return new SubscribeResponse { SubscriptionArn = subscription.Confirmed || request.ReturnSubscriptionArn == true ? subscription.Arn : "pending confirmation" };
    }

    private ListSubscriptionsByTopicResponse ListSubscriptionsByTopic(CallContext call, ListSubscriptionsByTopicRequest request)
    {
        var topic = Find(call, "sns:ListSubscriptionsByTopic", request.TopicArn);
        var page = Page.Of(topic.Subscriptions.OrderBy(s => s.Arn, StringComparer.Ordinal), s => s.Arn, request.NextToken, 100, "InvalidParameter");
        return new ListSubscriptionsByTopicResponse
        {
            NextToken = page.NextToken,
            Subscriptions = [.. page.Items.Select(s => new Subscription
            {
                SubscriptionArn = s.Confirmed ? s.Arn : "PendingConfirmation", Owner = s.Owner, Protocol = s.Protocol, Endpoint = s.Endpoint, TopicArn = topic.Arn,
            })],
        };
    }

    private static void Set(Topic topic, string attribute, string value)
    {
        if (!Attributes.Contains(attribute))
        {
            throw Invalid($"Invalid parameter: the lab does not emulate the topic attribute {attribute}; it handles {string.Join(", ", Attributes.Order(StringComparer.Ordinal))}.");
        }

        if (attribute == "Policy")
        {
            topic.Policy = value.Length == 0 ? null : PolicyDocument.Parse(value);
        }

        topic.Attributes[attribute] = value;
    }

    private Topic Find(CallContext call, string action, string? arn)
    {
        var named = Arn.TryParse(arn) is { Service: "sns" } parsed ? parsed : throw Invalid($"Invalid parameter: TopicArn (got '{arn}')");
        var topic = named.Region == call.Region ? topics.GetValueOrDefault(arn!) : null;
        call.Authorize(new AccessRequest(action, arn!) { ResourcePolicy = topic?.Policy, ResourceAccount = named.Account });
        return topic ?? throw new ServiceException("NotFound", "Topic does not exist", 404);
    }

    private static string Count(Topic topic, bool confirmed) =>
        topic.Subscriptions.Count(s => s.Confirmed == confirmed).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ServiceException Invalid(string message) => new("InvalidParameter", message);
}
