using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

using AwsCompat.Server;

namespace Dbre.Lab.Services.Lambda;

/// <summary>
/// Runs functions as processes of the files that would be deployed. A process that has answered is kept warm for the next event, as Lambda keeps
/// its sandboxes; one event at a time each. Processes end with the lab: without it the Runtime API is gone, and with it their loop.
/// </summary>
/// <param name="endpoint">The lab's loopback address, for the function's AWS clients and for the Runtime API.</param>
public sealed class ProcessFunctionHost(World world, Uri endpoint) : IFunctionHost, IDisposable
{
    // A laptop has few cores: starts beyond these wait their turn rather than run into their time limits together.
    private readonly SemaphoreSlim starts = new(Math.Max(2, Environment.ProcessorCount));
    private readonly ConcurrentDictionary<string, FunctionProcess> processes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Stack<(string Id, FunctionProcess Process)>> idle = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(2);
    private static readonly TimeSpan CredentialsLife = TimeSpan.FromHours(12);

    /// <inheritdoc />
    public async Task<FunctionAnswer> Invoke(LambdaFunction function, ReadOnlyMemory<byte> payload, string requestId)
    {
        var begun = world.Now;
        var (id, process) = Warm(function) ?? await Cold(function).ConfigureAwait(false);
        Log(function, id, $"START RequestId: {requestId} Version: $LATEST");
        var answer = await process.Run(payload, requestId).ConfigureAwait(false);
        Log(function, id, $"END RequestId: {requestId}");
        Log(function, id, string.Create(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {requestId}\tDuration: {(world.Now - begun).TotalMilliseconds:0.00} ms\tMemory Size: {function.MemoryMegabytes} MB\tMax Memory Used: {process.MostMemory >> 20} MB"));
        Return(id, process);
        return answer;
    }

    /// <summary>Answers a process's request to <c>/_runtime/&lt;process&gt;/…</c>.</summary>
    public Task<WireResponse> Serve(WireRequest request)
    {
        var parts = request.Path.Split('/', 4);
        return parts is ["", "_runtime", var id, var rest] && processes.TryGetValue(id, out var process)
            ? process.Serve(rest, request)
            : Task.FromResult(new WireResponse(404, [], "There is no such process."u8.ToArray()));
    }

    /// <summary>Kills every process of a function, idle or busy: what a crash in the middle of an event looks like.</summary>
    public void Kill(string functionName)
    {
        foreach (var process in processes.Values.Where(p => p.Function.Name == functionName))
        {
            process.Kill();
        }
    }

    /// <inheritdoc />
    public void Retire(LambdaFunction function)
    {
        List<(string Id, FunctionProcess Process)> warm;
        lock (gate)
        {
            warm = idle.Remove(function.Arn, out var stack) ? [.. stack] : [];
        }

        warm.ForEach(w => End(w.Id, w.Process));
    }

    public void Dispose()
    {
        // All at once: each takes a moment to be gone.
        Parallel.ForEach(processes, p => End(p.Key, p.Value));
        starts.Dispose();
    }

    private (string Id, FunctionProcess Process)? Warm(LambdaFunction function)
    {
        while (true)
        {
            (string Id, FunctionProcess Process) next;
            lock (gate)
            {
                if (!idle.TryGetValue(function.Arn, out var stack) || !stack.TryPop(out next))
                {
                    return null;
                }
            }

            if (!next.Process.Over && world.Now - next.Process.Started < LongestLife)
            {
                return next;
            }

            End(next.Id, next.Process);
        }
    }

    private async Task<(string Id, FunctionProcess Process)> Cold(LambdaFunction function)
    {
        await starts.WaitAsync().ConfigureAwait(false);
        try
        {
            var id = world.NewToken(12, "abcdefghijklmnopqrstuvwxyz0123456789");
            var process = new FunctionProcess(function, StartInfo(function, id), world.Clock, line => Log(function, id, line));
            processes[id] = process;
            process.Start();
            await process.Ready().ConfigureAwait(false);
            return (id, process);
        }
        finally
        {
            starts.Release();
        }
    }

    private void Return(string id, FunctionProcess process)
    {
        if (process.Over)
        {
            End(id, process);
            return;
        }

        lock (gate)
        {
            if (!idle.TryGetValue(process.Function.Arn, out var stack))
            {
                idle[process.Function.Arn] = stack = new();
            }

            stack.Push((id, process));
        }
    }

    private void End(string id, FunctionProcess process)
    {
        processes.TryRemove(id, out _);
        process.Dispose();
    }

    private ProcessStartInfo StartInfo(LambdaFunction function, string id)
    {
        var credentials = world.Iam.IssueCredentials(function.Role, function.Name, CredentialsLife);
        var bootstrap = Path.Combine(function.Folder, "bootstrap");
        var start = new ProcessStartInfo(File.Exists(bootstrap) ? bootstrap : Path.Combine(function.Folder, function.Handler))
        {
            WorkingDirectory = function.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in function.Environment)
        {
            start.Environment[name] = value;
        }

        var group = function.LogGroup ?? $"/aws/lambda/{function.Name}";
        var version = (Name: "AWS_LAMBDA_FUNCTION_VERSION", Value: "$LATEST");
        foreach (var (name, value) in new (string, string?)[]
        {
            ("AWS_LAMBDA_FUNCTION_NAME", function.Name), version, ("_HANDLER", function.Handler), ("LAMBDA_TASK_ROOT", function.Folder),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.MemoryMegabytes.ToString(CultureInfo.InvariantCulture)),
            ("AWS_LAMBDA_LOG_GROUP_NAME", group), ("AWS_LAMBDA_LOG_STREAM_NAME", Stream(id)),
            ("AWS_REGION", function.Region), ("AWS_DEFAULT_REGION", function.Region),
            ("AWS_ACCESS_KEY_ID", credentials.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", credentials.Secret), ("AWS_SESSION_TOKEN", credentials.SessionToken),
            ("AWS_LAMBDA_RUNTIME_API", $"{endpoint.Authority}/_runtime/{id}"), ("AWS_ENDPOINT_URL", endpoint.ToString().TrimEnd('/')),
            ("AWS_EXECUTION_ENV", $"AWS_Lambda_{function.Runtime}"), ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            // What the machine must lend: where .NET is, a home for temporary files, and Lambda's own settings for a short-lived process.
            ("DOTNET_ROOT", Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", Path.GetTempPath()), ("TMPDIR", Path.GetTempPath()), ("LANG", "en_US.UTF-8"), ("TZ", ":UTC"),
            ("DOTNET_TieredPGO", "0"), ("DOTNET_gcServer", "0"),
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Log(LambdaFunction function, string id, string line) => world.Services.Values.OfType<ILogSink>().FirstOrDefault()
        ?.Write(function.Account, function.Region, function.LogGroup ?? $"/aws/lambda/{function.Name}", Stream(id), world.Now, line);

    private string Stream(string id) => $"{world.Now.UtcDateTime:yyyy/MM/dd}/[$LATEST]{id}";
}
