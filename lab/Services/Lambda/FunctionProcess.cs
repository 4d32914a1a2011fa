using System.Diagnostics;
using System.Globalization;
using System.Text;

using AwsCompat.Server;

namespace Dbre.Lab.Services.Lambda;

/// <summary>
/// One running copy of a function's published files and its side of the Runtime API. It is idle (asking for the next event), busy with one
/// event, or over. An event ends by the function's answer, its error, its process's end, or its time.
/// </summary>
internal sealed class FunctionProcess : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutputAfterEnd = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MemoryLook = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<WireResponse>? asking;
    private TaskCompletionSource<FunctionAnswer>? answering;
    private string? requestId;
    private FunctionAnswer? initError;
    private bool killed;

    public FunctionProcess(LambdaFunction function, ProcessStartInfo start, TimeProvider clock, Action<string> log)
    {
        Function = function;
        this.clock = clock;
        Started = clock.GetUtcNow();
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Line(e.Data, log);
        process.ErrorDataReceived += (_, e) => Line(e.Data, log);
        process.Exited += (_, _) => exited.TrySetResult();
    }

    public LambdaFunction Function { get; }

    public DateTimeOffset Started { get; }

    /// <summary>It takes no event any more: it has ended, was killed, or could not start.</summary>
    public bool Over => killed || initError is not null || exited.Task.IsCompleted;

    /// <summary>The most resident memory that the process was seen to have, in bytes.</summary>
    public long MostMemory { get; private set; }

    private long MemoryLimit => Function.MemoryMegabytes * 1024L * 1024L;

    /// <summary>Starts the process. Its first request may come at once, so whoever serves the Runtime API must know it by then.</summary>
    public void Start()
    {
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Hands an event to the process and waits for what comes of it.</summary>
    public async Task<FunctionAnswer> Run(ReadOnlyMemory<byte> payload, string id)
    {
        if (await Ready().ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        var timeout = TimeSpan.FromSeconds(Function.TimeoutSeconds);
        var answer = new TaskCompletionSource<FunctionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            (requestId, answering) = (id, answer);
            lines.Clear();
            asking!.SetResult(Event(payload, id, clock.GetUtcNow() + timeout));
            asking = null;
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using var over = new CancellationTokenSource();
        var swollen = TooMuchMemory(over.Token);
        var first = await Task.WhenAny(answer.Task, exited.Task, swollen, Task.Delay(timeout, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        if (first == swollen || SeeMemory() > MemoryLimit)
        {
            Kill();
            return FunctionAnswer.Failed(
                "Runtime.ExitError", $"RequestId: {id} Error: Runtime exited with error: signal: killed (more than {Function.MemoryMegabytes} MB)", Lines());
        }

        if (answer.Task.IsCompleted)
        {
            return await answer.Task.ConfigureAwait(false) with { Log = Lines() };
        }

        if (first == exited.Task)
        {
            await LastLines().ConfigureAwait(false);
            return FunctionAnswer.Failed("Runtime.ExitError", $"RequestId: {id} Error: Runtime exited with error: {ExitReason()}", Lines());
        }

        Kill();
        return FunctionAnswer.Failed(
            "Sandbox.Timedout", string.Create(CultureInfo.InvariantCulture, $"RequestId: {id} Error: Task timed out after {timeout.TotalSeconds:0.00} seconds"), Lines());
    }

    /// <summary>Answers the process's request to the Runtime API (AWS Lambda Developer Guide, "Using the Lambda runtime API").</summary>
    public async Task<WireResponse> Serve(string path, WireRequest request)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (parts)
        {
            case ["2018-06-01", "runtime", "invocation", "next"] when request.Method == "GET":
                TaskCompletionSource<WireResponse> next;
                lock (gate)
                {
                    next = asking = new TaskCompletionSource<WireResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
                    idle.TrySetResult();
                }

                return await next.Task.ConfigureAwait(false);
            case ["2018-06-01", "runtime", "invocation", var id, "response"] when request.Method == "POST":
                return Settle(id, new FunctionAnswer(request.Body, null, []));
            case ["2018-06-01", "runtime", "invocation", var id, "error"] when request.Method == "POST":
                return Settle(id, new FunctionAnswer(request.Body, "Unhandled", []));
            case ["2018-06-01", "runtime", "init", "error"] when request.Method == "POST":
                initError = new FunctionAnswer(request.Body, "Unhandled", Lines());
                idle.TrySetResult();
                return Accepted();
            default:
                return Refused(404, "ResourceNotFound", $"The Runtime API has no {request.Method} {path}.");
        }
    }

    public void Kill()
    {
        killed = true;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        Kill();
        process.WaitForExit(TimeSpan.FromSeconds(5));
        process.Dispose();
    }

    /// <summary>Ends when the process has more memory than its function may: Lambda kills it then, in the middle of what it does.</summary>
    private async Task TooMuchMemory(CancellationToken stop)
    {
        while (SeeMemory() <= MemoryLimit)
        {
            await Task.Delay(MemoryLook, clock, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The most memory seen, with the peak that the kernel keeps of the process while it lives.</summary>
    private long SeeMemory()
    {
        try
        {
            process.Refresh();
            return MostMemory = Math.Max(MostMemory, process.PeakWorkingSet64);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
            return MostMemory;
        }
    }

    /// <summary>Waits until the process asks for an event (a warm one asks a moment after it has answered the last); the error document when it ends or gives up before.</summary>
    public async Task<FunctionAnswer?> Ready()
    {
        Task asks;
        lock (gate)
        {
            asks = idle.Task;
        }

        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(asks, exited.Task, Task.Delay(LongestStart, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        if (asks.IsCompleted)
        {
            // It may also have ended since: what it said before counts.
            return initError;
        }

        if (first == exited.Task)
        {
            await LastLines().ConfigureAwait(false);
        }

        var reason = first == exited.Task ? $"Runtime exited with error: {ExitReason()}" : $"Runtime did not ask for an event within {LongestStart.TotalSeconds:0} seconds";
        Kill();
        return FunctionAnswer.Failed("Runtime.ExitError", $"Error: {reason}. {string.Join(" ", Lines().TakeLast(3))}", Lines());
    }

    /// <summary>What a process wrote before its end arrives after it; a child of its own that lives on may keep its output open, so the wait is short.</summary>
    private async Task LastLines()
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(process.WaitForExitAsync(over.Token), Task.Delay(OutputAfterEnd, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private string ExitReason()
    {
        var code = process.HasExited ? process.ExitCode : -1;
        return code > 128 ? $"signal: {(code == 137 ? "killed" : (code - 128).ToString(CultureInfo.InvariantCulture))}" : $"exit status {code}";
    }

    private WireResponse Settle(string id, FunctionAnswer answer)
    {
        lock (gate)
        {
            return id == requestId && answering?.TrySetResult(answer) == true ? Accepted() : Refused(400, "InvalidRequestID", $"No event '{id}' is under way.");
        }
    }

    private WireResponse Event(ReadOnlyMemory<byte> payload, string id, DateTimeOffset deadline) => new(
        200,
        [
            new("Content-Type", "application/json"),
            new("Lambda-Runtime-Aws-Request-Id", id),
            new("Lambda-Runtime-Deadline-Ms", deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            new("Lambda-Runtime-Invoked-Function-Arn", Function.Arn),
            new("Lambda-Runtime-Trace-Id", $"Root=1-{clock.GetUtcNow().ToUnixTimeSeconds():x8}-{id.Replace("-", "", StringComparison.Ordinal)[..24]};Sampled=1"),
        ],
        payload);

    private static WireResponse Accepted() => new(202, [new("Content-Type", "application/json")], "{\"status\":\"OK\"}"u8.ToArray());

    private static WireResponse Refused(int status, string type, string message) => new(
        status, [new("Content-Type", "application/json")], Encoding.UTF8.GetBytes($$"""{"errorType":"{{type}}","errorMessage":"{{message}}"}"""));

    private void Line(string? line, Action<string> log)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            lines.Add(line);
        }

        log(line);
    }

    private List<string> Lines()
    {
        lock (gate)
        {
            return [.. lines];
        }
    }
}
