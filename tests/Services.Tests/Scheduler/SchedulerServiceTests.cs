using System.Text;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Scheduler;
using Amazon.Scheduler.Model;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Scheduler;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Scheduler;

public sealed class SchedulerServiceTests
{
    private const string Function = "arn:aws:lambda:us-east-1:111111111111:function:start";
    private const string Queue = "arn:aws:sqs:us-east-1:111111111111:undelivered";

    private readonly EmulatedCloud cloud = new();
    private readonly Inbox inbox;
    private readonly List<(DateTimeOffset At, string Input)> invoked = [];
    private readonly AmazonSchedulerClient scheduler;
    private readonly AmazonLambdaClient lambda;

    public SchedulerServiceTests()
    {
        inbox = new Inbox(cloud.World);
        var host = new InProcessFunctionHost((_, payload, _) =>
        {
            invoked.Add((cloud.Clock.GetUtcNow(), Encoding.UTF8.GetString(payload.Span)));
            return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
        });
        cloud.With(w => new SchedulerService(w)).With(w => new LambdaService(w, host)).With(_ => inbox);
        scheduler = new AmazonSchedulerClient(EmulatedCloud.Operator, cloud.Config<AmazonSchedulerConfig>());
        lambda = new AmazonLambdaClient(EmulatedCloud.Operator, cloud.Config<AmazonLambdaConfig>());
    }

    // It is 2026-11-21 03:00 UTC. expression, zone, hours that pass, when it fires
    public static TheoryData<string, string?, int, string[]> Cases => new()
    {
        { "cron(0 3 * * ? *)", null, 72, ["2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z"] },
        { "cron(0 3 * * ? *)", "America/New_York", 24, ["2026-11-21T08:00:00Z"] },
        { "rate(12 hours)", null, 25, ["2026-11-21T15:00:00Z", "2026-11-22T03:00:00Z"] },
        { "at(2026-11-21T05:30:00)", null, 1000, ["2026-11-21T05:30:00Z"] },
        { "at(2026-11-21T05:30:00)", "Europe/Berlin", 1000, ["2026-11-21T04:30:00Z"] },
        { "at(2026-11-20T05:30:00)", null, 1000, [] },
        // Longer than a timer can be.
        { "at(2027-02-01T00:00:00)", null, 24 * 90, ["2027-02-01T00:00:00Z"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Schedules_fire_at_their_times(string expression, string? zone, int hours, string[] expected)
    {
        await CreateFunction();
        await scheduler.CreateScheduleAsync(Nightly(r => (r.ScheduleExpression, r.ScheduleExpressionTimezone) = (expression, zone)));

        cloud.Clock.Advance(TimeSpan.FromHours(hours));

        invoked.Select(i => i.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);
    }

    [Fact]
    public async Task Context_attributes_are_filled_in()
    {
        await CreateFunction();
        await scheduler.CreateScheduleAsync(Nightly(r => r.Target.Input =
            """{"time":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>","attempt":<aws.scheduler.attempt-number>,"id":"<aws.scheduler.execution-id>"}"""));

        cloud.Clock.Advance(TimeSpan.FromHours(24));

        invoked.ShouldHaveSingleItem().Input.ShouldMatch(
            """^\{"time":"2026-11-22T03:00:00Z","arn":"arn:aws:scheduler:us-east-1:111111111111:schedule/default/nightly","attempt":1,"id":"[0-9a-f-]{36}"\}$""");
    }

    [Fact]
    public async Task FireNow_fires_for_the_time_given_and_leaves_the_schedule_as_it_is()
    {
        await CreateFunction();
        await scheduler.CreateScheduleAsync(Nightly(r => r.Target.Input = "\"<aws.scheduler.scheduled-time>\""));

        await cloud.World.Service<SchedulerService>().FireNow(EmulatedCloud.Account, "us-east-1", "default", "nightly", new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        cloud.Clock.Advance(TimeSpan.FromHours(24));

        invoked.Select(i => i.Input).ShouldBe(["\"2030-01-01T00:00:00Z\"", "\"2026-11-22T03:00:00Z\""]);
    }

    [Fact]
    public async Task Disabled_changed_and_deleted_schedules_do_not_fire_as_before()
    {
        await CreateFunction();
        foreach (var name in new[] { "disabled", "changed", "deleted" })
        {
            await scheduler.CreateScheduleAsync(Nightly(r => (r.Name, r.Target.Input) = (name, $"\"{name}\"")));
        }

        await scheduler.UpdateScheduleAsync(new UpdateScheduleRequest
        {
            Name = "disabled", State = ScheduleState.DISABLED, ScheduleExpression = "rate(1 hours)", FlexibleTimeWindow = Off(), Target = Nightly().Target,
        });
        await scheduler.UpdateScheduleAsync(new UpdateScheduleRequest
        {
            Name = "changed", ScheduleExpression = "cron(0 4 * * ? *)", FlexibleTimeWindow = Off(), Target = Nightly(r => r.Target.Input = "\"new\"").Target,
        });
        await scheduler.DeleteScheduleAsync(new DeleteScheduleRequest { Name = "deleted" });
        cloud.Clock.Advance(TimeSpan.FromHours(24));

        invoked.ShouldHaveSingleItem().Input.ShouldBe("\"new\"");
        invoked[0].At.Hour.ShouldBe(4);
    }

    [Fact]
    public async Task Firing_without_permission_goes_to_the_dead_letter_queue_at_once()
    {
        await CreateFunction();
        await scheduler.CreateScheduleAsync(Nightly(r => r.Target.RoleArn = Role("powerless", "sqs:SendMessage", Queue)));

        cloud.Clock.Advance(TimeSpan.FromHours(24));

        invoked.ShouldBeEmpty();
        var (sender, message) = inbox.Received.ShouldHaveSingleItem();
        sender.ShouldBe("arn:aws:sts::111111111111:assumed-role/powerless/scheduler");
        message.MessageBody.ShouldBe("{}");
        message.MessageAttributes["ERROR_CODE"].StringValue.ShouldBe("AccessDeniedException");
        message.MessageAttributes["ERROR_MESSAGE"].StringValue.ShouldContain("lambda:InvokeFunction");
        message.MessageAttributes["SCHEDULED_TIME"].StringValue.ShouldBe("2026-11-22T03:00:00Z");
        message.MessageAttributes["RETRY_ATTEMPTS"].StringValue.ShouldBe("0");
    }

    [Fact]
    public async Task Firing_at_a_function_that_is_gone_goes_to_the_dead_letter_queue()
    {
        await CreateFunction();
        await scheduler.CreateScheduleAsync(Nightly());
        await lambda.DeleteFunctionAsync(new DeleteFunctionRequest { FunctionName = "start" });

        cloud.Clock.Advance(TimeSpan.FromHours(24));

        inbox.Received.ShouldHaveSingleItem().Message.MessageAttributes["ERROR_CODE"].StringValue.ShouldBe("ResourceNotFoundException");
    }

    [Fact]
    public async Task Schedules_are_described_and_listed_by_group()
    {
        await CreateFunction();
        await scheduler.CreateScheduleGroupAsync(new CreateScheduleGroupRequest { Name = "dbre" });
        await scheduler.CreateScheduleAsync(Nightly(r => r.GroupName = "dbre"));
        await scheduler.CreateScheduleAsync(Nightly());

        var schedule = await scheduler.GetScheduleAsync(new GetScheduleRequest { GroupName = "dbre", Name = "nightly" });
        schedule.Arn.ShouldBe("arn:aws:scheduler:us-east-1:111111111111:schedule/dbre/nightly");
        schedule.ScheduleExpression.ShouldBe("cron(0 3 * * ? *)");
        schedule.Target.RetryPolicy.MaximumRetryAttempts.ShouldBe(2);
        (await scheduler.ListSchedulesAsync(new ListSchedulesRequest { GroupName = "dbre" })).Schedules.ShouldHaveSingleItem().GroupName.ShouldBe("dbre");
        (await scheduler.ListSchedulesAsync(new ListSchedulesRequest())).Schedules.Count.ShouldBe(2);
        await Should.ThrowAsync<Amazon.Scheduler.Model.ConflictException>(scheduler.CreateScheduleAsync(Nightly()));
    }

    // what is changed, what is said
    public static TheoryData<Action<CreateScheduleRequest>, string> BadSchedules => new()
    {
        { r => r.ScheduleExpression = "cron(0 3 * * *)", "it has 5 fields" },
        { r => r.ScheduleExpression = "rate(0 days)", "Invalid Schedule Expression rate(0 days)" },
        { r => r.ScheduleExpression = "every night", "allowed are cron(…), rate(…) and at(" },
        { r => r.ScheduleExpressionTimezone = "Mars/Olympus", "Invalid ScheduleExpressionTimezone Mars/Olympus" },
        { r => r.FlexibleTimeWindow = new FlexibleTimeWindow { Mode = FlexibleTimeWindowMode.FLEXIBLE, MaximumWindowInMinutes = 5 }, "FlexibleTimeWindow.Mode 'FLEXIBLE'" },
        { r => r.GroupName = "nowhere", "Schedule group nowhere does not exist" },
        { r => r.Target.Arn = "arn:aws:scheduler:::aws-sdk:rds:stopDBInstance", "does not emulate the target arn:aws:scheduler:::aws-sdk:rds:stopDBInstance" },
        { r => r.Target.Input = "{", "Target.Input is not JSON" },
        { r => r.Target.RetryPolicy.MaximumRetryAttempts = 186, "RetryPolicy.MaximumRetryAttempts is 186; allowed are 0 to 185" },
        { r => r.Target.RetryPolicy.MaximumEventAgeInSeconds = 59, "RetryPolicy.MaximumEventAgeInSeconds is 59; allowed are 60 to 86400" },
        { r => r.Target.DeadLetterConfig.Arn = "arn:aws:sns:us-east-1:111111111111:topic", "DeadLetterConfig.Arn is 'arn:aws:sns:us-east-1:111111111111:topic'" },
        { r => r.Target.RoleArn = "arn:aws:iam::111111111111:role/nobody", "role/nobody cannot be found" },
        { r => r.Name = "not a name", "Name is 'not a name'" },
        { r => r.ActionAfterCompletion = ActionAfterCompletion.DELETE, "ActionAfterCompletion" },
    };

    [Theory]
    [MemberData(nameof(BadSchedules))]
    public async Task CreateSchedule_refuses_by_name(Action<CreateScheduleRequest> change, string sentence)
    {
        await CreateFunction();
        (await Should.ThrowAsync<AmazonSchedulerException>(scheduler.CreateScheduleAsync(Nightly(change)))).Message.ShouldContain(sentence);
    }

    private CreateScheduleRequest Nightly(Action<CreateScheduleRequest>? change = null)
    {
        var request = new CreateScheduleRequest
        {
            Name = "nightly",
            ScheduleExpression = "cron(0 3 * * ? *)",
            FlexibleTimeWindow = Off(),
            Target = new Target
            {
                Arn = Function, RoleArn = Role("scheduler", "*", "*"), RetryPolicy = new RetryPolicy { MaximumRetryAttempts = 2 },
                DeadLetterConfig = new Amazon.Scheduler.Model.DeadLetterConfig { Arn = Queue },
            },
        };
        change?.Invoke(request);
        return request;
    }

    private static FlexibleTimeWindow Off() => new() { Mode = FlexibleTimeWindowMode.OFF };

    private string Role(string name, string action, string resource)
    {
        var arn = $"arn:aws:iam::{EmulatedCloud.Account}:role/{name}";
        if (cloud.World.Iam.FindRole(arn) is null)
        {
            cloud.World.Iam.CreateRole(EmulatedCloud.Account, name,
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["scheduler.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}}""");
            cloud.World.Iam.PutRolePolicy(arn, "work", EmulatedCloud.Allow(action, resource));
        }

        return arn;
    }

    private Task CreateFunction()
    {
        cloud.World.Artifacts.Publish("code", "start", Path.GetTempPath());
        return lambda.CreateFunctionAsync(new CreateFunctionRequest
        {
            FunctionName = "start", Role = Role("start", "logs:PutLogEvents", "*"), Handler = "start", Runtime = "dotnet10", Code = new() { S3Bucket = "code", S3Key = "start" },
        });
    }
}
