using System.Text;
using System.Text.Json.Nodes;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Dbre.Lab.Services.Events;
using Dbre.Lab.Services.Identity;
using Dbre.Lab.Services.Lambda;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Events;

public sealed class EventBridgeServiceTests
{
    private const string Queue = "arn:aws:sqs:us-east-1:111111111111:inbox";
    private const string Function = "arn:aws:lambda:us-east-1:111111111111:function:repair";

    private readonly EmulatedCloud cloud = new();
    private readonly Inbox inbox;
    private readonly List<string> invoked = [];
    private readonly AmazonEventBridgeClient events;

    public EventBridgeServiceTests()
    {
        inbox = new Inbox(cloud.World);
        var host = new InProcessFunctionHost((_, payload, _) =>
        {
            invoked.Add(Encoding.UTF8.GetString(payload.Span));
            return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
        });
        cloud.With(w => new EventBridgeService(w)).With(w => new LambdaService(w, host)).With(_ => inbox);
        events = new AmazonEventBridgeClient(EmulatedCloud.Operator, cloud.Config<AmazonEventBridgeConfig>());
    }

    [Fact]
    public async Task PutEvents_reaches_the_targets_of_the_rules_that_match()
    {
        await Rule("snapshots", """{"source":["dbre"],"detail":{"state":["failed"]}}""", new Target { Id = "q", Arn = Queue, RoleArn = SendingRole() });

        var answer = await events.PutEventsAsync(Request(("dbre", """{"state":"failed"}"""), ("dbre", """{"state":"available"}"""), ("other", """{"state":"failed"}""")));
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));

        answer.FailedEntryCount.ShouldBe(0);
        var (sender, message) = inbox.Received.ShouldHaveSingleItem();
        sender.ShouldBe("arn:aws:sts::111111111111:assumed-role/sender/events");
        Inbox.QueueOf(message).ShouldBe("inbox");
        var sent = JsonNode.Parse(message.MessageBody)!;
        ((string?)sent["id"]).ShouldBe(answer.Entries[0].EventId);
        ((string?)sent["detail-type"]).ShouldBe("Test");
        ((string?)sent["account"]).ShouldBe(EmulatedCloud.Account);
        ((string?)sent["region"]).ShouldBe("us-east-1");
        ((string?)sent["time"]).ShouldBe("2026-11-21T03:00:00Z");
        ((string?)sent["detail"]!["state"]).ShouldBe("failed");
    }

    [Fact]
    public async Task Publish_reaches_rules_of_that_account_and_Region_only()
    {
        await Rule("rds", """{"source":["aws.rds"]}""", new Target { Id = "q", Arn = Queue, RoleArn = SendingRole() });
        var sink = cloud.World.Service<EventBridgeService>();

        sink.Publish(EmulatedCloud.Account, "us-east-1", "aws.rds", "RDS DB Snapshot Event", new JsonObject { ["EventID"] = "RDS-EVENT-0042" }, ["arn:x"]);
        sink.Publish(EmulatedCloud.Account, "eu-west-1", "aws.rds", "RDS DB Snapshot Event", [], []);
        sink.Publish(EmulatedCloud.OtherAccount, "us-east-1", "aws.rds", "RDS DB Snapshot Event", [], []);
        inbox.Received.ShouldBeEmpty("nothing is delivered inside the call that published");
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));

        var sent = JsonNode.Parse(inbox.Received.ShouldHaveSingleItem().Message.MessageBody)!;
        sent["resources"]!.ToJsonString().ShouldBe("""["arn:x"]""");
        ((string?)sent["detail"]!["EventID"]).ShouldBe("RDS-EVENT-0042");
    }

    [Fact]
    public async Task Functions_are_invoked_as_the_targets_role_with_its_input()
    {
        CreateFunction();
        await Rule("repair", """{"source":["dbre"]}""", new Target
        {
            Id = "f", Arn = Function, RoleArn = Role("invoker", "lambda:InvokeFunction", Function),
            InputTransformer = new InputTransformer { InputPathsMap = new() { ["s"] = "$.detail.state" }, InputTemplate = """{"why":"it is <s>"}""" },
        });

        await events.PutEventsAsync(Request(("dbre", """{"state":"failed"}""")));
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));

        invoked.ShouldBe(["""{"why":"it is failed"}"""]);
    }

    [Fact]
    public async Task Delivery_without_permission_goes_to_the_dead_letter_queue_at_once()
    {
        inbox.Policy = QueuePolicy("arn:aws:events:us-east-1:111111111111:rule/repair");
        CreateFunction();
        await Rule("repair", """{"source":["dbre"]}""", new Target
        {
            Id = "f", Arn = Function, RoleArn = Role("invoker", "lambda:InvokeFunction", "arn:aws:lambda:*:*:function:another"),
            DeadLetterConfig = new DeadLetterConfig { Arn = Queue },
        });

        await events.PutEventsAsync(Request(("dbre", "{}")));
        cloud.Clock.Advance(TimeSpan.FromMilliseconds(20));

        var (sender, message) = inbox.Received.ShouldHaveSingleItem();
        sender.ShouldBe("events.amazonaws.com");
        Attribute(message, "RULE_ARN").ShouldBe("arn:aws:events:us-east-1:111111111111:rule/repair");
        Attribute(message, "TARGET_ARN").ShouldBe(Function);
        Attribute(message, "ERROR_CODE").ShouldBe("NO_PERMISSIONS");
        Attribute(message, "ERROR_MESSAGE").ShouldContain("lambda:InvokeFunction");
        Attribute(message, "RETRY_ATTEMPTS").ShouldBe("0");
        message.MessageAttributes.ShouldNotContainKey("EXHAUSTED_RETRY_CONDITION");
        message.MessageBody.ShouldContain("\"source\":\"dbre\"");
    }

    [Fact]
    public async Task Delivery_that_fails_for_now_is_tried_again()
    {
        inbox.Refusals = 3;
        await Rule("snapshots", """{"source":["dbre"]}""", new Target { Id = "q", Arn = Queue, RoleArn = SendingRole() });

        await events.PutEventsAsync(Request(("dbre", "{}")));
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));
        inbox.Received.ShouldBeEmpty();
        cloud.Clock.Advance(TimeSpan.FromSeconds(10));

        inbox.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Delivery_gives_up_after_the_attempts_that_the_target_allows()
    {
        inbox.Policy = QueuePolicy("arn:aws:events:us-east-1:111111111111:rule/snapshots");
        inbox.Refusals = 3;
        await Rule("snapshots", """{"source":["dbre"]}""", new Target
        {
            Id = "q", Arn = Queue, RetryPolicy = new RetryPolicy { MaximumRetryAttempts = 2 },
            DeadLetterConfig = new DeadLetterConfig { Arn = "arn:aws:sqs:us-east-1:111111111111:dead" },
        });

        await events.PutEventsAsync(Request(("dbre", "{}")));
        cloud.Clock.Advance(TimeSpan.FromMinutes(1));

        var message = inbox.Received.ShouldHaveSingleItem().Message;
        Inbox.QueueOf(message).ShouldBe("dead");
        Attribute(message, "RETRY_ATTEMPTS").ShouldBe("2");
        Attribute(message, "EXHAUSTED_RETRY_CONDITION").ShouldBe("MaximumRetryAttempts");
    }

    [Fact]
    public async Task Queues_without_a_role_must_allow_the_very_rule()
    {
        inbox.Policy = QueuePolicy("arn:aws:events:us-east-1:111111111111:rule/right");
        await Rule("right", """{"source":["dbre"]}""", new Target { Id = "q", Arn = Queue });
        await Rule("wrong", """{"source":["dbre"]}""", new Target { Id = "q", Arn = Queue });

        await events.PutEventsAsync(Request(("dbre", "{}")));
        cloud.Clock.Advance(TimeSpan.FromMinutes(1));

        inbox.Received.Count.ShouldBe(1);
        cloud.World.Iam.Denials.ShouldHaveSingleItem().Action.ShouldBe("sqs:SendMessage");
    }

    [Fact]
    public async Task Disabled_rules_take_nothing_until_enabled()
    {
        await Rule("snapshots", """{"source":["dbre"]}""", new Target { Id = "q", Arn = Queue, RoleArn = SendingRole() });
        await events.DisableRuleAsync(new DisableRuleRequest { Name = "snapshots" });
        await events.PutEventsAsync(Request(("dbre", "{}")));
        (await events.DescribeRuleAsync(new DescribeRuleRequest { Name = "snapshots" })).State.ShouldBe(RuleState.DISABLED);
        await events.EnableRuleAsync(new EnableRuleRequest { Name = "snapshots" });
        await events.PutEventsAsync(Request(("dbre", """{"second":true}""")));
        cloud.Clock.Advance(TimeSpan.FromSeconds(1));

        inbox.Received.ShouldHaveSingleItem().Message.MessageBody.ShouldContain("second");
    }

    [Fact]
    public async Task Rules_and_targets_are_listed_and_removed()
    {
        var role = SendingRole();
        foreach (var name in new[] { "b", "a", "c" })
        {
            await Rule(name, """{"source":["dbre"]}""", new Target { Id = "q", Arn = Queue, RoleArn = role });
        }

        var first = await events.ListRulesAsync(new ListRulesRequest { Limit = 2 });
        var rest = await events.ListRulesAsync(new ListRulesRequest { Limit = 2, NextToken = first.NextToken });
        first.Rules.Concat(rest.Rules).Select(r => r.Name).ShouldBe(["a", "b", "c"]);
        (await events.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = "a" })).Targets.ShouldHaveSingleItem().Arn.ShouldBe(Queue);

        (await Should.ThrowAsync<AmazonEventBridgeException>(events.DeleteRuleAsync(new DeleteRuleRequest { Name = "a" }))).Message.ShouldBe("Rule can't be deleted since it has targets.");
        var removed = await events.RemoveTargetsAsync(new RemoveTargetsRequest { Rule = "a", Ids = ["q", "r"] });
        removed.FailedEntries.ShouldHaveSingleItem().TargetId.ShouldBe("r");
        await events.DeleteRuleAsync(new DeleteRuleRequest { Name = "a" });
        await Should.ThrowAsync<ResourceNotFoundException>(events.DescribeRuleAsync(new DescribeRuleRequest { Name = "a" }));
    }

    // source, detail type, detail, error
    public static TheoryData<string, string?, string, string> BadEntries => new()
    {
        { "aws.rds", "Test", "{}", "NotAuthorizedForSourceException" },
        { "dbre", null, "{}", "InvalidArgument" },
        { "dbre", "Test", "[]", "MalformedDetail" },
        { "dbre", "Test", "{", "MalformedDetail" },
    };

    [Theory]
    [MemberData(nameof(BadEntries))]
    public async Task PutEvents_fails_the_bad_entry_alone(string source, string? type, string detail, string code)
    {
        var request = Request((source, detail), ("dbre", "{}"));
        request.Entries[0].DetailType = type;

        var answer = await events.PutEventsAsync(request);

        answer.FailedEntryCount.ShouldBe(1);
        answer.Entries[0].ErrorCode.ShouldBe(code);
        answer.Entries[1].EventId.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task PutRule_refuses_a_bad_pattern() =>
        (await Should.ThrowAsync<InvalidEventPatternException>(events.PutRuleAsync(new PutRuleRequest { Name = "r", EventPattern = """{"source":[{"regex":"a"}]}""" })))
            .Message.ShouldBe("Event pattern is not valid. Reason: the operator 'regex' in 'source' is not known; known are prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists and cidr.");

    [Fact]
    public async Task PutRule_refuses_a_schedule_by_name() =>
        (await Should.ThrowAsync<AmazonEventBridgeException>(events.PutRuleAsync(new PutRuleRequest { Name = "r", ScheduleExpression = "rate(1 day)" })))
            .Message.ShouldContain("ScheduleExpression");

    // target, what is said
    public static TheoryData<string, string?, string> BadTargets => new()
    {
        { "arn:aws:kinesis:us-east-1:111111111111:stream/s", null, "the lab emulates the targets lambda, states, sns, sqs" },
        { "arn:aws:states:us-east-1:111111111111:stateMachine:m", null, "RoleArn is required for target" },
        { Function, null, "functions have no resource policies" },
        { "arn:aws:sqs:us-east-1:111111111111:inbox.fifo", null, "SqsParameters.MessageGroupId is required for a FIFO queue" },
        { Queue, "arn:aws:iam::111111111111:role/nobody", "role/nobody cannot be found" },
    };

    [Theory]
    [MemberData(nameof(BadTargets))]
    public async Task PutTargets_refuses_by_name(string arn, string? role, string sentence)
    {
        await events.PutRuleAsync(new PutRuleRequest { Name = "r", EventPattern = """{"source":["dbre"]}""" });
        var request = new PutTargetsRequest { Rule = "r", Targets = [new Target { Id = "t", Arn = arn, RoleArn = role }] };

        (await Should.ThrowAsync<AmazonEventBridgeException>(events.PutTargetsAsync(request))).Message.ShouldContain(sentence);
    }

    [Fact]
    public async Task PutTargets_refuses_a_role_that_does_not_trust_EventBridge()
    {
        var role = cloud.World.Iam.CreateRole(EmulatedCloud.Account, "other", Trust("lambda.amazonaws.com")).Arn;
        await events.PutRuleAsync(new PutRuleRequest { Name = "r", EventPattern = """{"source":["dbre"]}""" });
        var request = new PutTargetsRequest { Rule = "r", Targets = [new Target { Id = "t", Arn = Queue, RoleArn = role }] };

        (await Should.ThrowAsync<AmazonEventBridgeException>(events.PutTargetsAsync(request))).Message.ShouldContain("does not allow events.amazonaws.com to assume it");
    }

    private async Task Rule(string name, string pattern, Target target)
    {
        await events.PutRuleAsync(new PutRuleRequest { Name = name, EventPattern = pattern });
        await events.PutTargetsAsync(new PutTargetsRequest { Rule = name, Targets = [target] });
    }

    private string SendingRole() => Role("sender", "sqs:SendMessage", Queue);

    private string Role(string name, string action, string resource)
    {
        var role = cloud.World.Iam.CreateRole(EmulatedCloud.Account, name, Trust("events.amazonaws.com"));
        cloud.World.Iam.PutRolePolicy(role.Arn, "work", EmulatedCloud.Allow(action, resource));
        return role.Arn;
    }

    private void CreateFunction()
    {
        cloud.World.Artifacts.Publish("code", "repair", Path.GetTempPath());
        var role = cloud.World.Iam.CreateRole(EmulatedCloud.Account, "repair", Trust("lambda.amazonaws.com"));
        var lambda = new Amazon.Lambda.AmazonLambdaClient(EmulatedCloud.Operator, cloud.Config<Amazon.Lambda.AmazonLambdaConfig>());
        lambda.CreateFunctionAsync(new Amazon.Lambda.Model.CreateFunctionRequest
        {
            FunctionName = "repair", Role = role.Arn, Handler = "repair", Runtime = "dotnet10", Code = new() { S3Bucket = "code", S3Key = "repair" },
        }).GetAwaiter().GetResult();
    }

    private static string Trust(string service) =>
        $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"{{service}}"},"Action":"sts:AssumeRole"} }""";

    private static PolicyDocument QueuePolicy(string rule) => PolicyDocument.Parse(
        $$$"""
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*",
        "Condition":{"ArnEquals":{"aws:SourceArn":"{{{rule}}}"} } } }
        """);

    private static PutEventsRequest Request(params (string Source, string Detail)[] entries) => new()
    {
        Entries = [.. entries.Select(e => new PutEventsRequestEntry { Source = e.Source, DetailType = "Test", Detail = e.Detail })],
    };

    private static string Attribute(Amazon.SQS.Model.SendMessageRequest message, string name) => message.MessageAttributes[name].StringValue;
}
