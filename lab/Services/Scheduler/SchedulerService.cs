using System.Text.RegularExpressions;

using Amazon.Scheduler;
using Amazon.Scheduler.Model;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>EventBridge Scheduler: schedules in groups, which start their target as a role of their own.</summary>
public sealed partial class SchedulerService : EmulatedService, IDisposable
{
    private const string DefaultGroup = "default";
    private readonly SortedDictionary<string, StoredSchedule> schedules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DateTimeOffset> groups = new(StringComparer.Ordinal);

    public SchedulerService(World world) : base("scheduler", world)
    {
        On<CreateScheduleRequest, CreateScheduleResponse>(CreateSchedule);
        On<UpdateScheduleRequest, UpdateScheduleResponse>(UpdateSchedule);
        On<GetScheduleRequest, GetScheduleResponse>(GetSchedule);
        On<ListSchedulesRequest, ListSchedulesResponse>(ListSchedules);
        On<DeleteScheduleRequest, DeleteScheduleResponse>(DeleteSchedule);
        On<CreateScheduleGroupRequest, CreateScheduleGroupResponse>(CreateScheduleGroup);
        On<GetScheduleGroupRequest, GetScheduleGroupResponse>(GetScheduleGroup);
    }

    /// <summary>The lab's own control: fires a schedule now, for a time of the caller's choosing, so that a rehearsal need not wait for the night.</summary>
    /// <exception cref="ServiceException">ResourceNotFoundException.</exception>
    public Task FireNow(string account, string region, string group, string name, DateTimeOffset scheduledTime)
    {
        StoredSchedule schedule;
        lock (World.Gate)
        {
            schedule = Find(ArnOf(account, region, group, name));
        }

        return Fire(schedule, scheduledTime);
    }

    public void Dispose()
    {
        foreach (var schedule in schedules.Values)
        {
            schedule.Timer?.Dispose();
        }
    }

    private CreateScheduleResponse CreateSchedule(CallContext call, CreateScheduleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.GroupName), nameof(request.ScheduleExpression), nameof(request.ScheduleExpressionTimezone),
            nameof(request.FlexibleTimeWindow), nameof(request.State), nameof(request.Target), nameof(request.Description), nameof(request.ClientToken));
        RequireName(request.Name);
        var arn = ArnOf(call.Account, call.Region, request.GroupName ?? DefaultGroup, request.Name);
        call.Authorize("scheduler:CreateSchedule", arn);
        RequireGroup(call, request.GroupName);
        if (schedules.ContainsKey(arn))
        {
            throw new ServiceException("ConflictException", $"Schedule {request.Name} already exists.", 409);
        }

        var schedule = new StoredSchedule(arn, request.Name, request.GroupName ?? DefaultGroup, call.Account, call.Region) { Created = World.Now };
        Change(call, schedule, request.ScheduleExpression, request.ScheduleExpressionTimezone, request.FlexibleTimeWindow, request.State, request.Target, request.Description);
        schedules.Add(arn, schedule);
        return new CreateScheduleResponse { ScheduleArn = arn };
    }

    private UpdateScheduleResponse UpdateSchedule(CallContext call, UpdateScheduleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.GroupName), nameof(request.ScheduleExpression), nameof(request.ScheduleExpressionTimezone),
            nameof(request.FlexibleTimeWindow), nameof(request.State), nameof(request.Target), nameof(request.Description), nameof(request.ClientToken));
        var schedule = Find(ArnOf(call.Account, call.Region, request.GroupName ?? DefaultGroup, request.Name));
        call.Authorize("scheduler:UpdateSchedule", schedule.Arn);
        Change(call, schedule, request.ScheduleExpression, request.ScheduleExpressionTimezone, request.FlexibleTimeWindow, request.State, request.Target, request.Description);
        return new UpdateScheduleResponse { ScheduleArn = schedule.Arn };
    }

    private GetScheduleResponse GetSchedule(CallContext call, GetScheduleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.GroupName));
        var schedule = Find(ArnOf(call.Account, call.Region, request.GroupName ?? DefaultGroup, request.Name));
        call.Authorize("scheduler:GetSchedule", schedule.Arn);
        return new GetScheduleResponse
        {
            Arn = schedule.Arn,
            Name = schedule.Name,
            GroupName = schedule.Group,
            Description = schedule.Description,
            ScheduleExpression = schedule.Expression,
            ScheduleExpressionTimezone = schedule.TimeZone ?? "UTC",
            FlexibleTimeWindow = new FlexibleTimeWindow { Mode = FlexibleTimeWindowMode.OFF },
            State = schedule.State,
            Target = schedule.Target,
            CreationDate = schedule.Created.UtcDateTime,
            LastModificationDate = schedule.Modified.UtcDateTime,
        };
    }

    private ListSchedulesResponse ListSchedules(CallContext call, ListSchedulesRequest request)
    {
        Parameters.Refuse(request, nameof(request.GroupName), nameof(request.NamePrefix), nameof(request.State), nameof(request.MaxResults), nameof(request.NextToken));
        call.Authorize("scheduler:ListSchedules", "*");
        var found = schedules.Values.Where(s => s.Account == call.Account && s.Region == call.Region
            && (request.GroupName is null || s.Group == request.GroupName)
            && (request.State is null || s.State == request.State)
            && s.Name.StartsWith(request.NamePrefix ?? "", StringComparison.Ordinal)).ToList();
        var page = Page.Of(found, s => $"{s.Group}/{s.Name}", request.NextToken, request.MaxResults ?? 100, "ValidationException");
        return new ListSchedulesResponse
        {
            Schedules = [.. page.Items.Select(s => new ScheduleSummary
            {
                Arn = s.Arn, Name = s.Name, GroupName = s.Group, State = s.State, CreationDate = s.Created.UtcDateTime,
                LastModificationDate = s.Modified.UtcDateTime, Target = new TargetSummary { Arn = s.Target.Arn },
            })],
            NextToken = page.NextToken,
        };
    }

    private DeleteScheduleResponse DeleteSchedule(CallContext call, DeleteScheduleRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.GroupName), nameof(request.ClientToken));
        var schedule = Find(ArnOf(call.Account, call.Region, request.GroupName ?? DefaultGroup, request.Name));
        call.Authorize("scheduler:DeleteSchedule", schedule.Arn);
        schedule.Timer?.Dispose();
        schedule.Turn++;
        schedules.Remove(schedule.Arn);
        return new DeleteScheduleResponse();
    }

    private CreateScheduleGroupResponse CreateScheduleGroup(CallContext call, CreateScheduleGroupRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.Tags), nameof(request.ClientToken));
        RequireName(request.Name);
        var arn = GroupArn(call, request.Name);
        call.Authorize("scheduler:CreateScheduleGroup", arn);
        return groups.TryAdd(arn, World.Now)
            ? new CreateScheduleGroupResponse { ScheduleGroupArn = arn }
            : throw new ServiceException("ConflictException", $"Schedule group {request.Name} already exists.", 409);
    }

    private GetScheduleGroupResponse GetScheduleGroup(CallContext call, GetScheduleGroupRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name));
        RequireGroup(call, request.Name);
        var arn = GroupArn(call, request.Name);
        call.Authorize("scheduler:GetScheduleGroup", arn);
        return new GetScheduleGroupResponse { Arn = arn, Name = request.Name, State = ScheduleGroupState.ACTIVE, CreationDate = groups.GetValueOrDefault(arn).UtcDateTime };
    }

    private void Change(
        CallContext call, StoredSchedule schedule, string expression, string? zone, FlexibleTimeWindow? window, ScheduleState? state, Target target, string? description)
    {
        if (window?.Mode != FlexibleTimeWindowMode.OFF)
        {
            throw Invalid($"The lab does not emulate FlexibleTimeWindow.Mode '{window?.Mode}'; OFF is allowed.");
        }

        var times = ScheduleTimes.Parse(expression, zone, schedule.Created);
        RequireTarget(target);
        call.Authorize("iam:PassRole", target.RoleArn);
        World.Iam.CheckTrust(target.RoleArn, "scheduler.amazonaws.com");
        (schedule.Expression, schedule.TimeZone, schedule.Times) = (expression, zone, times);
        (schedule.State, schedule.Target, schedule.Description) = (state ?? ScheduleState.ENABLED, target, description);
        schedule.Modified = World.Now;
        Arm(schedule, World.Now);
    }

    private StoredSchedule Find(string arn) =>
        schedules.GetValueOrDefault(arn) ?? throw new ServiceException("ResourceNotFoundException", $"Schedule {arn[(arn.LastIndexOf('/') + 1)..]} does not exist.", 404);

    private void RequireGroup(CallContext call, string? name)
    {
        if (name is not (null or DefaultGroup) && !groups.ContainsKey(GroupArn(call, name)))
        {
            throw new ServiceException("ResourceNotFoundException", $"Schedule group {name} does not exist.", 404);
        }
    }

    private static void RequireName(string name)
    {
        if (!NameShape().IsMatch(name))
        {
            throw Invalid($"Name is '{name}'; allowed are 1 to 64 letters, digits, '.', '-' and '_'.");
        }
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);

    private static string ArnOf(string account, string region, string group, string name) => $"arn:aws:scheduler:{region}:{account}:schedule/{group}/{name}";

    private static string GroupArn(CallContext call, string name) => $"arn:aws:scheduler:{call.Region}:{call.Account}:schedule-group/{name}";

    [GeneratedRegex("^[0-9a-zA-Z_.-]{1,64}$")]
    private static partial Regex NameShape();
}
