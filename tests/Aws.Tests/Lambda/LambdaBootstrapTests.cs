using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Dbre.Aws.Tests.Lambda;

public sealed class LambdaBootstrapTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    private readonly FunctionRuntime runtime = new();
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await Should.NotThrowAsync(loop);
        await runtime.DisposeAsync();
        stop.Dispose();
    }

    [Fact]
    public async Task Handler_answers_invocations_one_after_the_other()
    {
        Run(Builder<Event, Result>((e, context) => Task.FromResult(new Result($"{e.Name} {context.AwsRequestId}", null))));

        runtime.Send("""{"name":"first"}""", "id-1");
        runtime.Send("""{"Name":"second"}""", "id-2");

        (await runtime.Answer()).ShouldSatisfyAllConditions(a => a.Path.ShouldBe("invocation/id-1/response"), a => a.Body.ShouldBe("""{"Greeting":"first id-1"}"""));
        (await runtime.Answer()).Body.ShouldBe("""{"Greeting":"second id-2"}""");
    }

    [Fact]
    public async Task Context_tells_function_deadline_and_trace()
    {
        Run(Builder<Event, Dictionary<string, string>>((_, context) => Task.FromResult(new Dictionary<string, string>
        {
            ["function"] = context.FunctionName,
            ["arn"] = context.InvokedFunctionArn,
            ["memory"] = $"{context.MemoryLimitInMB}",
            ["remaining"] = $"{context.RemainingTime.TotalSeconds}",
            ["trace"] = Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID") ?? "",
            ["stream"] = context.LogStreamName,
        })));

        runtime.Send("{}", "id-1", Now.AddSeconds(7.5).ToUnixTimeMilliseconds(), "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");

        var answer = JsonDocument.Parse((await runtime.Answer()).Body).RootElement;
        answer.GetProperty("function").GetString().ShouldBe("dbre-f");
        answer.GetProperty("arn").GetString().ShouldBe("arn:aws:lambda:eu-west-1:111111111111:function:f");
        answer.GetProperty("memory").GetString().ShouldBe("512");
        answer.GetProperty("remaining").GetString().ShouldBe("7.5");
        answer.GetProperty("trace").GetString().ShouldBe("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
        answer.GetProperty("stream").GetString().ShouldBe("stream");
    }

    [Fact]
    public async Task Remaining_time_is_never_negative()
    {
        Run(Builder<Event, Result>((_, context) => Task.FromResult(new Result($"{context.RemainingTime}", null))));

        runtime.Send("{}", "id-1", Now.AddSeconds(-1).ToUnixTimeMilliseconds());

        (await runtime.Answer()).Body.ShouldContain("00:00:00");
    }

    [Fact]
    public async Task Failing_handler_is_reported_by_its_exceptions_class_and_the_loop_goes_on()
    {
        Run(Builder<Event, Result>((e, _) => e.Name == "bad"
            ? throw new SnapshotStillCopyingException("at 40 %", new TimeoutException("slow")) : Task.FromResult(new Result("fine", null))));

        runtime.Send("""{"name":"bad"}""", "id-1");
        runtime.Send("""{"name":"good"}""", "id-2");

        var (path, headers, body) = await runtime.Answer();
        path.ShouldBe("invocation/id-1/error");
        headers["Lambda-Runtime-Function-Error-Type"].ShouldBe("SnapshotStillCopyingException");
        var error = JsonDocument.Parse(body).RootElement;
        error.GetProperty("errorType").GetString().ShouldBe("SnapshotStillCopyingException");
        error.GetProperty("errorMessage").GetString().ShouldBe("at 40 %");
        error.GetProperty("stackTrace")[0].GetString().ShouldStartWith("at Dbre.Aws.Tests");
        error.GetProperty("cause").GetProperty("errorType").GetString().ShouldBe("TimeoutException");
        (await runtime.Answer()).Path.ShouldBe("invocation/id-2/response");
    }

    [Fact]
    public async Task Event_that_does_not_fit_is_reported_with_its_type()
    {
        Run(Builder<Event, Result>((_, _) => Task.FromResult(new Result("", null))));

        runtime.Send("""{"name":7}""", "id-1");

        var error = JsonDocument.Parse((await runtime.Answer()).Body).RootElement;
        error.GetProperty("errorType").GetString().ShouldBe("JsonSerializerException");
        error.GetProperty("errorMessage").GetString()!.ShouldContain("Event");
    }

    [Fact]
    public async Task Failing_initializer_is_reported_and_ends_the_loop()
    {
        var bootstrap = Builder<Event, Result>((_, _) => Task.FromResult(new Result("", null)))
            .UseBootstrapHandler(() => throw new InvalidOperationException("The environment variable LEDGER_TABLE is not set."))
            .Build();

        await Should.ThrowAsync<InvalidOperationException>(() => bootstrap.RunAsync(stop.Token));

        var (path, headers, body) = await runtime.Answer();
        path.ShouldBe("init/error");
        headers["Lambda-Runtime-Function-Error-Type"].ShouldBe("InvalidOperationException");
        body.ShouldContain("LEDGER_TABLE");
    }

    [Fact]
    public async Task Initializer_that_says_no_ends_the_loop_before_an_event_is_taken()
    {
        var bootstrap = Builder<Event, Result>((_, _) => Task.FromResult(new Result("", null))).UseBootstrapHandler(() => Task.FromResult(false)).Build();

        await bootstrap.RunAsync(stop.Token);
    }

    private LambdaBootstrapBuilder Builder<TInput, TOutput>(Func<TInput, ILambdaContext, Task<TOutput>> handler) =>
        LambdaBootstrapBuilder.Create(handler, new DefaultLambdaJsonSerializer())
            .In(new RuntimeEnvironment(runtime.Api, "dbre-f", "$LATEST", 512, "/aws/lambda/dbre-f", "stream", JsonLogs: true), new StoppedClock(Now));

    private void Run(LambdaBootstrapBuilder builder) => loop = builder.Build().RunAsync(stop.Token);

    private sealed record Event(string? Name);

    private sealed record Result(string Greeting, string? Absent);

    private sealed class SnapshotStillCopyingException(string message, Exception inner) : Exception(message, inner);

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
