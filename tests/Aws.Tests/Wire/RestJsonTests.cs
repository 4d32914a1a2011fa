using System.Text;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.Scheduler;
using Amazon.Scheduler.Model;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

public sealed class RestJsonTests
{
    [Fact]
    public async Task Invoke_carries_bytes_both_ways_and_the_error_in_a_header()
    {
        var (client, server) = Lambda(_ => new InvokeResponse
        {
            StatusCode = 200, FunctionError = "Unhandled", ExecutedVersion = "$LATEST", Payload = new MemoryStream("{\"errorType\":\"X\"}"u8.ToArray()),
        });

        var response = await client.InvokeAsync(new InvokeRequest
        {
            FunctionName = "arn:aws:lambda:eu-west-1:111111111111:function:dbre-prove", InvocationType = InvocationType.Event, Payload = "{\"é\":1}", ClientContext = "{}", Qualifier = "live",
        });

        var request = (InvokeRequest)server.Requests[0];
        request.FunctionName.ShouldBe("arn:aws:lambda:eu-west-1:111111111111:function:dbre-prove");
        request.InvocationType.ShouldBe(InvocationType.Event);
        request.Qualifier.ShouldBe("live");
        request.ClientContext.ShouldBe("{}");
        request.Payload.ShouldBe("{\"é\":1}");
        Encoding.UTF8.GetString(response.Payload.ToArray()).ShouldBe("{\"errorType\":\"X\"}");
        (response.StatusCode, response.FunctionError, response.ExecutedVersion).ShouldBe((200, "Unhandled", "$LATEST"));
    }

    [Fact]
    public async Task Status_code_of_the_model_and_of_a_member_are_sent()
    {
        var (client, _) = Lambda(request => request is InvokeRequest
            ? new InvokeResponse { StatusCode = 202 } : new CreateFunctionResponse { FunctionName = "f", VpcConfig = new VpcConfigDetail { SubnetIds = ["s"] } });

        (await client.InvokeAsync(new InvokeRequest { FunctionName = "f" })).StatusCode.ShouldBe(202);
        var created = await client.CreateFunctionAsync(new CreateFunctionRequest { FunctionName = "f", Role = "r", Code = new() { ZipFile = new MemoryStream([1]) } });

        ((int)created.HttpStatusCode).ShouldBe(201);
        created.VpcConfig.SubnetIds.ShouldBe(["s"]);
    }

    [Fact]
    public async Task Paginator_sends_its_marker_in_the_query()
    {
        var (client, server) = Lambda(request => ((ListFunctionsRequest)request).Marker is null
            ? new ListFunctionsResponse { Functions = [new() { FunctionName = "a" }], NextMarker = "x/1" }
            : new ListFunctionsResponse { Functions = [new() { FunctionName = "b" }] });

        var names = new List<string>();
        await foreach (var function in client.Paginators.ListFunctions(new ListFunctionsRequest { MaxItems = 1 }).Functions)
        {
            names.Add(function.FunctionName);
        }

        names.ShouldBe(["a", "b"]);
        ((ListFunctionsRequest)server.Requests[1]).Marker.ShouldBe("x/1");
    }

    [Fact]
    public async Task Error_of_the_model_becomes_its_exception_with_its_members()
    {
        var (client, _) = Lambda(_ => throw new WireFailure(
            "ResourceNotFoundException", "Function not found: f", 404, new Dictionary<string, object?> { ["Type"] = "User" }));

        var error = await Should.ThrowAsync<Amazon.Lambda.Model.ResourceNotFoundException>(() => client.InvokeAsync(new InvokeRequest { FunctionName = "f" }));

        error.Type.ShouldBe("User");
        ((int)error.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Schedule_with_nested_target_arrives_as_sent()
    {
        var server = new WireServer("scheduler", _ => new CreateScheduleResponse { ScheduleArn = "arn" });
        var client = new AmazonSchedulerClient(WireClients.Credentials, new AmazonSchedulerConfig().To(server));

        await client.CreateScheduleAsync(new CreateScheduleRequest
        {
            Name = "snapshot-copy-nightly",
            GroupName = "dbre",
            ScheduleExpression = "cron(0 3 * * ? *)",
            FlexibleTimeWindow = new() { Mode = FlexibleTimeWindowMode.OFF },
            StartDate = new DateTime(2026, 11, 21, 3, 0, 0, DateTimeKind.Utc),
            Target = new() { Arn = "a", RoleArn = "r", Input = "{}", RetryPolicy = new() { MaximumRetryAttempts = 3 }, DeadLetterConfig = new() { Arn = "q" } },
        });

        var request = (CreateScheduleRequest)server.Requests[0];
        request.Name.ShouldBe("snapshot-copy-nightly");
        request.Target.RetryPolicy.MaximumRetryAttempts.ShouldBe(3);
        request.StartDate.ShouldBe(new DateTime(2026, 11, 21, 3, 0, 0, DateTimeKind.Utc));
        request.ClientToken.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("POST", "/schedules/x", "", """{"Colour":"red"}""", "SerializationException", "Colour")]
    [InlineData("GET", "/schedules", "Colour=red", "", "ValidationException", "Colour")]
    [InlineData("GET", "/schedules", "MaxResults=few", "", "InvalidParameterValue", "MaxResults")]
    [InlineData("POST", "/schedules/x", "", """{"Target":{"Arn":"a","RoleArn":"r"},"ScheduleExpression":"rate(1 day)"}""", "ValidationException", "'flexibleTimeWindow'")]
    [InlineData("PATCH", "/schedules/x", "", "", "UnknownOperationException", "PATCH /schedules/x")]
    public void Request_that_the_model_does_not_know_is_refused_by_name(string method, string path, string query, string body, string code, string named)
    {
        var wire = ServiceWires.All["scheduler"];
        var request = new WireRequest(method, path, query, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body));

        var error = Should.Throw<WireFormatException>(() => wire.ReadRequest(wire.ReadOperation(request), request));

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
    }

    private static (AmazonLambdaClient Client, WireServer Server) Lambda(Func<AmazonWebServiceRequest, AmazonWebServiceResponse> answer)
    {
        var server = new WireServer("lambda", answer);
        return (new AmazonLambdaClient(WireClients.Credentials, new AmazonLambdaConfig().To(server)), server);
    }
}
