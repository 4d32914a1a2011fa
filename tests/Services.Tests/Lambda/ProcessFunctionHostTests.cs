using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dbre.Aws.Tests.Conformance;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Lambda;

/// <summary>Real processes over a real port: a shell script that speaks the Runtime API stands for the published function.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ProcessFunctionHostTests : IAsyncLifetime
{
    private const string RequestId = "0a1b2c3d-0000-4000-8000-000000000001";

    private readonly World world = new(TimeProvider.System, seed: 1);
    private readonly List<string> log = [];
    private readonly LoopbackServer server;
    private readonly ProcessFunctionHost host;
    private readonly string folder = Directory.CreateTempSubdirectory("dbre-function-").FullName;

    public ProcessFunctionHostTests()
    {
        ProcessFunctionHost? serving = null;
        server = new LoopbackServer(request => serving!.Serve(request));
        host = serving = new ProcessFunctionHost(world, new Uri($"http://{server.Authority}"));
        world.Add(new LogLines(world, log));
        world.Iam.CreateRole(EmulatedCloud.Account, "worker", """{"Version":"2012-10-17","Statement":[]}""");
        var bootstrap = Path.Combine(folder, "bootstrap");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Lambda", "bootstrap"), bootstrap);
        File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        host.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Invoke_answers_what_the_function_answers()
    {
        var answer = await Invoke(Function("echo"), """{"policy":"nightly"}""");

        answer.Error.ShouldBeNull();
        Text(answer).ShouldBe("""{"policy":"nightly"}""");
        answer.Log.ShouldBe(["event 1"]);
    }

    [Fact]
    public async Task Invoke_reuses_the_process_that_has_answered()
    {
        var function = Function("count");
        var answers = new List<(int Process, int Count)>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(Counted(await Invoke(function)));
        }

        answers.Select(a => a.Process).Distinct().Count().ShouldBe(1);
        answers.Select(a => a.Count).ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task Invoke_gives_simultaneous_events_processes_of_their_own()
    {
        var function = Function("count");

        var answers = await Task.WhenAll(Invoke(function), Invoke(function));

        answers.Select(a => Counted(a).Process).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Invoke_gives_the_functions_own_error()
    {
        var answer = await Invoke(Function("fails"));

        answer.Error.ShouldBe("Unhandled");
        Text(answer).ShouldBe("""{"errorType":"Broken","errorMessage":"it broke"}""");
    }

    // handler, error type, error message
    public static TheoryData<string, string, string> Failures => new()
    {
        { "exits", "Runtime.ExitError", "^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$" },
        { "hangs", "Sandbox.Timedout", @"^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$" },
        { "swells", "Runtime.ExitError", @"^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed \(more than 128 MB\)$" },
        { "dies", "Runtime.ExitError", @"^Error: Runtime exited with error: exit status 4\. no such library$" },
        { "refuses", "Settings", "^TABLE is missing$" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Invoke_says_how_the_process_failed_and_starts_anew(string handler, string type, string message)
    {
        var function = Function(handler, timeout: handler == "hangs" ? 1 : 20);
        for (var i = 0; i < 2; i++)
        {
            var answer = await Invoke(function);

            answer.Error.ShouldBe("Unhandled");
            using var document = JsonDocument.Parse(answer.Payload);
            document.RootElement.GetProperty("errorType").GetString().ShouldBe(type);
            document.RootElement.GetProperty("errorMessage").GetString()!.ShouldMatch(message);
        }
    }

    [Fact]
    public async Task A_process_that_takes_too_much_memory_is_killed_at_once_not_when_its_time_is_over()
    {
        var answer = await Invoke(Function("hoards", timeout: 30));

        Text(answer).ShouldContain("signal: killed (more than 128 MB)");
    }

    [Fact]
    public async Task Kill_ends_the_event_under_way()
    {
        var waiting = Invoke(Function("hangs", timeout: 60));
        while (!Logged().Contains("event 1") && !waiting.IsCompleted)
        {
            await Task.Yield();
        }

        host.Kill("worker");

        Text(await waiting).ShouldContain("Runtime exited with error: signal: killed");
    }

    [Fact]
    public async Task Retire_ends_the_warm_processes()
    {
        var function = Function("count");
        var before = Counted(await Invoke(function)).Process;

        host.Retire(function);
        var after = Counted(await Invoke(function));

        after.Process.ShouldNotBe(before);
        after.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Processes_get_Lambdas_environment_and_none_of_the_labs()
    {
        var function = Function("settings");
        function.Environment = new Dictionary<string, string> { ["TABLE"] = "dbre-ledger" };

        var settings = JsonSerializer.Deserialize<object[]>(Text(await Invoke(function)))!.Select(s => s.ToString()!).ToList();

        settings[..3].ShouldBe(["worker", "us-east-1", "ASIA"]);
        int.Parse(settings[3], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        settings[4..].ShouldBe(["dbre-ledger", $"http://{server.Authority}", "", "/aws/lambda/worker"]);
    }

    [Fact]
    public async Task Events_are_logged_as_Lambda_logs_them()
    {
        await Invoke(Function("echo"));

        var lines = Logged();
        lines[0].ShouldBe($"START RequestId: {RequestId} Version: $LATEST");
        lines[1].ShouldBe("event 1");
        lines[2].ShouldBe($"END RequestId: {RequestId}");
        Regex.IsMatch(lines[3], @"^REPORT RequestId: [0-9a-f-]{36}\tDuration: [0-9.]+ ms\tMemory Size: 128 MB\tMax Memory Used: [0-9]+ MB$").ShouldBeTrue(lines[3]);
    }

    [Fact]
    public async Task Serve_knows_its_own_processes_only()
    {
        var answer = await host.Serve(new AwsCompat.Server.WireRequest("GET", "/_runtime/nobody/2018-06-01/runtime/invocation/next", "", new Dictionary<string, string>(), default));

        answer.Status.ShouldBe(404);
    }

    private Task<FunctionAnswer> Invoke(LambdaFunction function, string payload = "{}") => host.Invoke(function, Encoding.UTF8.GetBytes(payload), RequestId);

    private LambdaFunction Function(string handler, int timeout = 20) => new(EmulatedCloud.Account, "us-east-1", "worker", folder)
    {
        Role = $"arn:aws:iam::{EmulatedCloud.Account}:role/worker", Handler = handler, Runtime = "provided.al2023", TimeoutSeconds = timeout,
    };

    private static string Text(FunctionAnswer answer) => Encoding.UTF8.GetString(answer.Payload.Span);

    private static (int Process, int Count) Counted(FunctionAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Payload);
        return (document.RootElement.GetProperty("pid").GetInt32(), document.RootElement.GetProperty("count").GetInt32());
    }

    private List<string> Logged()
    {
        lock (log)
        {
            return [.. log];
        }
    }

    private sealed class LogLines(World world, List<string> lines) : EmulatedService("logs", world), ILogSink
    {
        public void Write(string account, string region, string group, string stream, DateTimeOffset at, string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }
}
