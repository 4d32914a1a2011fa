using System.Text.Json.Nodes;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.SimpleNotificationService.Model;

namespace Dbre.Lab.Services.CloudWatch;

/// <content>Alarms: evaluated once a minute while there are any, and before they are described.</content>
public sealed partial class CloudWatchService
{
    private static readonly HashSet<string> MissingDataTreatments = ["missing", "notBreaching", "breaching", "ignore"];

    private readonly SortedDictionary<string, AlarmState> alarms = new(StringComparer.Ordinal);
    private readonly List<string> undelivered = [];
    private ITimer? timer;

    /// <summary>Alarm actions that their target refused, one sentence each.</summary>
    public IReadOnlyList<string> UndeliveredActions
    {
        get
        {
            lock (World.Gate)
            {
                return [.. undelivered];
            }
        }
    }

    private PutMetricAlarmResponse PutMetricAlarm(CallContext call, PutMetricAlarmRequest request)
    {
        Parameters.Refuse(request, nameof(request.AlarmName), nameof(request.AlarmDescription), nameof(request.ActionsEnabled), nameof(request.OKActions),
            nameof(request.AlarmActions), nameof(request.InsufficientDataActions), nameof(request.MetricName), nameof(request.Namespace), nameof(request.Statistic),
            nameof(request.Dimensions), nameof(request.Period), nameof(request.Unit), nameof(request.EvaluationPeriods), nameof(request.DatapointsToAlarm),
            nameof(request.Threshold), nameof(request.ComparisonOperator), nameof(request.TreatMissingData), nameof(request.Tags));
        call.Authorize("cloudwatch:PutMetricAlarm", AlarmArn(call, request.AlarmName));
        RequirePeriod(request.Period);
        if (request.MetricName is null || request.Namespace is null || request.Statistic is null || request.Threshold is null)
        {
            throw new ServiceException("ValidationError", $"The alarm {request.AlarmName} must have MetricName, Namespace, Statistic and Threshold.");
        }

        if (request.EvaluationPeriods is not > 0 || request.DatapointsToAlarm is < 1 || request.DatapointsToAlarm > request.EvaluationPeriods)
        {
            throw new ServiceException("ValidationError", $"DatapointsToAlarm ({request.DatapointsToAlarm}) must be between 1 and EvaluationPeriods ({request.EvaluationPeriods}).");
        }

        if (request.TreatMissingData is { } treatment && !MissingDataTreatments.Contains(treatment))
        {
            throw new ServiceException("ValidationError", $"Option {treatment} is not supported. Supported options for TreatMissingData are {string.Join(", ", MissingDataTreatments)}.");
        }

        if (request.ComparisonOperator?.Value is not ("GreaterThanThreshold" or "GreaterThanOrEqualToThreshold" or "LessThanThreshold" or "LessThanOrEqualToThreshold"))
        {
            throw new ServiceException("ValidationError", $"The lab does not emulate the ComparisonOperator {request.ComparisonOperator?.Value}.");
        }

        foreach (var action in (request.AlarmActions ?? []).Concat(request.OKActions ?? []).Concat(request.InsufficientDataActions ?? []))
        {
            if (Arn.TryParse(action) is not { Service: "sns" })
            {
                throw new ServiceException("ValidationError", $"Invalid arn syntax or an action that the lab does not emulate: {action}; it handles SNS topics.");
            }
        }

        var key = AlarmKey(call.Account, call.Region, request.AlarmName);
        if (alarms.TryGetValue(key, out var existing))
        {
            (existing.Definition, existing.Configured) = (request, World.Now);
        }
        else
        {
            alarms.Add(key, new AlarmState(call.Account, call.Region, request, World.Now));
        }

        timer ??= World.Clock.CreateTimer(_ => EvaluateAll(), null, Pace, Pace);
        return new PutMetricAlarmResponse();
    }

    /// <summary>How often alarms are looked at; the simulation, which asks no alarm, looks less often.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMinutes(1);

    private DescribeAlarmsResponse DescribeAlarms(CallContext call, DescribeAlarmsRequest request)
    {
        Parameters.Refuse(request, nameof(request.AlarmNames), nameof(request.AlarmNamePrefix), nameof(request.StateValue), nameof(request.MaxRecords),
            nameof(request.NextToken), nameof(request.AlarmTypes));
        call.Authorize("cloudwatch:DescribeAlarms", AlarmArn(call, "*"));
        if (request.AlarmTypes is { } types && types.Exists(t => t != "MetricAlarm"))
        {
            throw new ServiceException("ValidationError", "The lab does not emulate composite alarms (AlarmTypes); it handles MetricAlarm.");
        }

        EvaluateAll();
        var found = alarms.Values.Where(a => a.Account == call.Account && a.Region == call.Region)
            .Where(a => request.AlarmNames is not { Count: > 0 } names || names.Contains(a.Name))
            .Where(a => a.Name.StartsWith(request.AlarmNamePrefix ?? "", StringComparison.Ordinal))
            .Where(a => request.StateValue is null || a.State == request.StateValue);
        var page = Page.Of(found, a => a.Name, request.NextToken, request.MaxRecords ?? 50, "InvalidNextToken");
        return new DescribeAlarmsResponse { MetricAlarms = [.. page.Items.Select(a => a.Describe())], CompositeAlarms = [], NextToken = page.NextToken };
    }

    private DeleteAlarmsResponse DeleteAlarms(CallContext call, DeleteAlarmsRequest request)
    {
        foreach (var name in request.AlarmNames)
        {
            call.Authorize("cloudwatch:DeleteAlarms", AlarmArn(call, name));
        }

        foreach (var name in request.AlarmNames)
        {
            alarms.Remove(AlarmKey(call.Account, call.Region, name));
        }

        if (alarms.Count == 0)
        {
            timer?.Dispose();
            timer = null;
        }

        return new DeleteAlarmsResponse();
    }

    private SetAlarmStateResponse SetAlarmState(CallContext call, SetAlarmStateRequest request)
    {
        call.Authorize("cloudwatch:SetAlarmState", AlarmArn(call, request.AlarmName));
        var alarm = alarms.GetValueOrDefault(AlarmKey(call.Account, call.Region, request.AlarmName))
            ?? throw new ServiceException("ResourceNotFound", $"The alarm {request.AlarmName} does not exist.", 404);
        Become(alarm, request.StateValue, request.StateReason);
        return new SetAlarmStateResponse();
    }

    private void EvaluateAll()
    {
        lock (World.Gate)
        {
            foreach (var alarm in alarms.Values)
            {
                if (AlarmEvaluation.Decide(alarm.Definition, Points(alarm)) is { } verdict && verdict.State != alarm.State)
                {
                    Become(alarm, verdict.State, verdict.Reason);
                }
            }
        }
    }

    // Periods are counted back from the end of the present minute, so what was just reported takes part.
    private List<double?> Points(AlarmState alarm)
    {
        var definition = alarm.Definition;
        var series = metrics.GetValueOrDefault(Key(alarm.Account, alarm.Region, new Metric
        {
            Namespace = definition.Namespace, MetricName = definition.MetricName, Dimensions = definition.Dimensions ?? [],
        }));
        var end = DateTimeOffset.FromUnixTimeSeconds(((World.Now.ToUnixTimeSeconds() / 60) + 1) * 60);
        var period = TimeSpan.FromSeconds(definition.Period!.Value);
        return [.. Enumerable.Range(1, definition.EvaluationPeriods!.Value).Reverse()
            .Select(i => series?.Between(end - (i * period), end - ((i - 1) * period))?.Of(definition.Statistic))];
    }

    private void Become(AlarmState alarm, StateValue state, string reason)
    {
        var before = alarm.State;
        (alarm.State, alarm.Reason, alarm.Updated) = (state, reason, World.Now);
        if (before == state)
        {
            return;
        }

        World.Find<IEventSink>()?.Publish(alarm.Account, alarm.Region, "aws.cloudwatch", "CloudWatch Alarm State Change", new JsonObject
        {
            ["alarmName"] = alarm.Name,
            ["state"] = new JsonObject { ["value"] = state.Value, ["reason"] = reason },
            ["previousState"] = new JsonObject { ["value"] = before.Value },
        }, [alarm.Arn]);
        foreach (var topic in alarm.Definition.ActionsEnabled == false ? [] : alarm.Actions)
        {
            Notify(alarm, before, topic);
        }
    }

    private void Notify(AlarmState alarm, StateValue before, string topic)
    {
        var caller = World.Iam.ContextForService("cloudwatch.amazonaws.com", alarm.Account, alarm.Region, alarm.Arn);
        var message = new JsonObject
        {
            ["AlarmName"] = alarm.Name,
            ["AlarmDescription"] = alarm.Definition.AlarmDescription,
            ["AWSAccountId"] = alarm.Account,
            ["NewStateValue"] = alarm.State.Value,
            ["NewStateReason"] = alarm.Reason,
            ["StateChangeTime"] = World.Now.UtcDateTime.ToString("O"),
            ["Region"] = alarm.Region,
            ["AlarmArn"] = alarm.Arn,
            ["OldStateValue"] = before.Value,
        };
        var subject = $"{alarm.State.Value}: \"{alarm.Name}\" in {alarm.Region}";
        // Publish answers at once: it runs under the lock that this runs under.
        var sent = World.Invoke(caller, "sns", new PublishRequest { TopicArn = topic, Subject = subject[..Math.Min(subject.Length, 100)], Message = message.ToJsonString() });
        if (sent.IsFaulted)
        {
            undelivered.Add($"{alarm.Name} to {topic}: {sent.Exception.InnerException!.Message}");
        }
    }

    private static string AlarmArn(CallContext call, string name) => $"arn:aws:cloudwatch:{call.Region}:{call.Account}:alarm:{name}";

    private static string AlarmKey(string account, string region, string name) => $"{account}/{region}/{name}";
}
