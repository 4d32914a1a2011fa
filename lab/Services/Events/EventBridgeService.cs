using System.Text.RegularExpressions;

using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Dbre.Lab.Services.Events.Patterns;

namespace Dbre.Lab.Services.Events;

/// <summary>Amazon EventBridge: the default bus of every account and Region, its rules and their targets.</summary>
public sealed partial class EventBridgeService : EmulatedService, IEventSink
{
    private const string DefaultBus = "default";

    // EventBridge quotas: targets per rule; length of a rule's name.
    private const int MostTargets = 5;

    private readonly SortedDictionary<string, StoredRule> rules = new(StringComparer.Ordinal);

    public EventBridgeService(World world) : base("events", world)
    {
        On<PutRuleRequest, PutRuleResponse>(PutRule);
        On<DescribeRuleRequest, DescribeRuleResponse>(DescribeRule);
        On<ListRulesRequest, ListRulesResponse>(ListRules);
        On<EnableRuleRequest, EnableRuleResponse>(EnableRule);
        On<DisableRuleRequest, DisableRuleResponse>(DisableRule);
        On<DeleteRuleRequest, DeleteRuleResponse>(DeleteRule);
        On<TagResourceRequest, TagResourceResponse>(TagResource);
        On<PutTargetsRequest, PutTargetsResponse>(PutTargets);
        On<ListTargetsByRuleRequest, ListTargetsByRuleResponse>(ListTargetsByRule);
        On<RemoveTargetsRequest, RemoveTargetsResponse>(RemoveTargets);
        On<PutEventsRequest, PutEventsResponse>(PutEvents);
    }

    private PutRuleResponse PutRule(CallContext call, PutRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.EventPattern), nameof(request.State), nameof(request.Description), nameof(request.Tags),
            nameof(request.EventBusName));
        RequireDefaultBus(call, request.EventBusName);
        if (!RuleName().IsMatch(request.Name))
        {
            throw Invalid($"Name is '{request.Name}'; allowed are 1 to 64 letters, digits, '.', '-' and '_'.");
        }

        var arn = ArnOf(call, request.Name);
        call.Authorize("events:PutRule", arn);
        if (request.State is { } state && state != RuleState.ENABLED && state != RuleState.DISABLED)
        {
            throw Invalid($"State is '{state.Value}'; the lab emulates ENABLED and DISABLED.");
        }

        var pattern = Read(request.EventPattern ?? throw Invalid("EventPattern is missing; the lab runs schedules in EventBridge Scheduler, so a rule needs a pattern."));
        if (rules.TryGetValue(arn, out var rule))
        {
            (rule.Pattern, rule.State, rule.Description) = (pattern, request.State ?? RuleState.ENABLED, request.Description);
        }
        else
        {
            rules.Add(arn, rule = new StoredRule(call.Account, call.Region, request.Name)
            {
                Pattern = pattern, State = request.State ?? RuleState.ENABLED, Description = request.Description,
            });
            Tag(rule, request.Tags);
        }

        return new PutRuleResponse { RuleArn = arn };
    }

    private DescribeRuleResponse DescribeRule(CallContext call, DescribeRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.EventBusName));
        var rule = Authorized(call, "events:DescribeRule", request.Name, request.EventBusName);
        return new DescribeRuleResponse
        {
            Name = rule.Name,
            Arn = rule.Arn,
            EventPattern = rule.Pattern.Json,
            State = rule.State,
            Description = rule.Description,
            EventBusName = DefaultBus,
            CreatedBy = rule.Account,
        };
    }

    private ListRulesResponse ListRules(CallContext call, ListRulesRequest request)
    {
        Parameters.Refuse(request, nameof(request.NamePrefix), nameof(request.EventBusName), nameof(request.NextToken), nameof(request.Limit));
        RequireDefaultBus(call, request.EventBusName);
        call.Authorize("events:ListRules", "*");
        var own = RulesOf(call.Account, call.Region).Where(r => r.Name.StartsWith(request.NamePrefix ?? "", StringComparison.Ordinal));
        var page = Page.Of(own, r => r.Name, request.NextToken, request.Limit ?? 100, "ValidationException");
        return new ListRulesResponse
        {
            Rules = [.. page.Items.Select(r => new Rule
            {
                Name = r.Name, Arn = r.Arn, EventPattern = r.Pattern.Json, State = r.State, Description = r.Description, EventBusName = DefaultBus,
            })],
            NextToken = page.NextToken,
        };
    }

    private EnableRuleResponse EnableRule(CallContext call, EnableRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.EventBusName));
        Authorized(call, "events:EnableRule", request.Name, request.EventBusName).State = RuleState.ENABLED;
        return new EnableRuleResponse();
    }

    private DisableRuleResponse DisableRule(CallContext call, DisableRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.EventBusName));
        Authorized(call, "events:DisableRule", request.Name, request.EventBusName).State = RuleState.DISABLED;
        return new DisableRuleResponse();
    }

    /// <summary>A rule that does not exist is no error; one with targets is.</summary>
    private DeleteRuleResponse DeleteRule(CallContext call, DeleteRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.EventBusName), nameof(request.Force));
        RequireDefaultBus(call, request.EventBusName);
        var arn = ArnOf(call, request.Name);
        call.Authorize("events:DeleteRule", arn);
        if (rules.TryGetValue(arn, out var rule) && rule.Targets.Count > 0)
        {
            throw Invalid("Rule can't be deleted since it has targets.");
        }

        rules.Remove(arn);
        return new DeleteRuleResponse();
    }

    private TagResourceResponse TagResource(CallContext call, TagResourceRequest request)
    {
        Parameters.Refuse(request, nameof(request.ResourceARN), nameof(request.Tags));
        call.Authorize("events:TagResource", request.ResourceARN);
        Tag(rules.GetValueOrDefault(request.ResourceARN) ?? throw NoRule(request.ResourceARN), request.Tags);
        return new TagResourceResponse();
    }

    private static void Tag(StoredRule rule, List<Tag>? tags)
    {
        foreach (var tag in tags ?? [])
        {
            rule.Tags[tag.Key] = tag.Value;
        }
    }

    private IEnumerable<StoredRule> RulesOf(string account, string region) => rules.Values.Where(r => r.Account == account && r.Region == region);

    private StoredRule Authorized(CallContext call, string action, string name, string? bus)
    {
        RequireDefaultBus(call, bus);
        var arn = ArnOf(call, name);
        call.Authorize(action, arn);
        return rules.GetValueOrDefault(arn) ?? throw NoRule(name);
    }

    private static EventPattern Read(string pattern)
    {
        try
        {
            return EventPattern.Parse(pattern);
        }
        catch (FormatException e)
        {
            throw new ServiceException("InvalidEventPatternException", $"Event pattern is not valid. Reason: {e.Message}.");
        }
    }

    private static void RequireDefaultBus(CallContext call, string? bus)
    {
        if (bus is not (null or "" or DefaultBus) && bus != BusArn(call.Account, call.Region))
        {
            throw new ServiceException("ResourceNotFoundException", $"Event bus {bus} does not exist; the lab emulates the default bus.");
        }
    }

    private static string BusArn(string account, string region) => $"arn:aws:events:{region}:{account}:event-bus/{DefaultBus}";

    private static string ArnOf(CallContext call, string rule) => $"arn:aws:events:{call.Region}:{call.Account}:rule/{rule}";

    private static ServiceException NoRule(string name) => new("ResourceNotFoundException", $"Rule {name} does not exist on EventBus default.");

    private static ServiceException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex RuleName();
}
