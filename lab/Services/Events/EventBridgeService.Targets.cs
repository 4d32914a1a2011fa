using Amazon.EventBridge.Model;

namespace Dbre.Lab.Services.Events;

/// <summary>Targets: where a rule sends the events it takes.</summary>
public sealed partial class EventBridgeService
{
    private PutTargetsResponse PutTargets(CallContext call, PutTargetsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Rule), nameof(request.EventBusName), nameof(request.Targets));
        var rule = Authorized(call, "events:PutTargets", request.Rule, request.EventBusName);
        var targets = (request.Targets ?? []).Select(Target).ToList();
        if (targets.Select(t => t.Given.Id).Distinct(StringComparer.Ordinal).Count() < targets.Count)
        {
            throw Invalid("Targets holds the same Id twice; ids are unique in a rule.");
        }

        if (rule.Targets.Keys.Union(targets.Select(t => t.Given.Id), StringComparer.Ordinal).Count() > MostTargets)
        {
            throw new ServiceException("LimitExceededException", $"Rule {rule.Name} would have more than {MostTargets} targets, which is the limit.");
        }

        foreach (var target in targets)
        {
            if (target.Given.RoleArn is { } role)
            {
                call.Authorize("iam:PassRole", role);
                World.Iam.CheckTrust(role, "events.amazonaws.com");
            }

            rule.Targets[target.Given.Id] = target;
        }

        return new PutTargetsResponse { FailedEntryCount = 0, FailedEntries = [] };
    }

    private ListTargetsByRuleResponse ListTargetsByRule(CallContext call, ListTargetsByRuleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Rule), nameof(request.EventBusName), nameof(request.NextToken), nameof(request.Limit));
        var rule = Authorized(call, "events:ListTargetsByRule", request.Rule, request.EventBusName);
        var page = Page.Of(rule.Targets.Values, t => t.Given.Id, request.NextToken, request.Limit ?? 100, "ValidationException");
        return new ListTargetsByRuleResponse { Targets = [.. page.Items.Select(t => t.Given)], NextToken = page.NextToken };
    }

    private RemoveTargetsResponse RemoveTargets(CallContext call, RemoveTargetsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Rule), nameof(request.EventBusName), nameof(request.Ids), nameof(request.Force));
        var rule = Authorized(call, "events:RemoveTargets", request.Rule, request.EventBusName);
        var unknown = (request.Ids ?? []).Where(id => !rule.Targets.Remove(id)).ToList();
        return new RemoveTargetsResponse
        {
            FailedEntryCount = unknown.Count,
            FailedEntries = [.. unknown.Select(id => new RemoveTargetsResultEntry
            {
                TargetId = id, ErrorCode = "ResourceNotFoundException", ErrorMessage = $"Rule {rule.Name} does not have target {id}.",
            })],
        };
    }

    private static RuleTarget Target(Target given)
    {
        try
        {
            return RuleTarget.Read(given);
        }
        catch (FormatException e)
        {
            throw Invalid($"Target {given.Id}: {e.Message}.");
        }
    }
}
