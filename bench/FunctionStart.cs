using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Host;
using Dbre.Lab.Services.Lambda;

namespace Dbre.Bench;

/// <summary>
/// From the start of a process to its first answer, with one call to RDS in between: a published function, and Python with boto3. Both ask the
/// same lab on this machine, in turn. The function also fetches its event and returns its answer over the Runtime API; Python is spared that.
/// </summary>
internal static class FunctionStart
{
    private const int Rounds = 15;

    public static async Task Run()
    {
        Report.Heading("Process start to the first answer, with one RDS call");
        var state = Path.Combine(Path.GetTempPath(), $"dbre-bench-{Environment.ProcessId}");
        var lab = await LabHost.Start(new LabOptions(0, state, "cdk.out"), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await using var dispose = lab.ConfigureAwait(false);
        var function = lab.World.Service<LambdaService>().Functions.Single(f => f.Name == "dbre-remove-restored-copy");
        var (cold, warm, python) = (new Samples(), new Samples(), new Samples());
        var withPython = await HasBoto3().ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            lab.Functions.Retire(function);
            await cold.Add(() => Ask(lab, function)).ConfigureAwait(false);
            await warm.Add(() => Ask(lab, function)).ConfigureAwait(false);
            if (withPython)
            {
                await python.Add(() => AskWithPython(lab)).ConfigureAwait(false);
            }
        }

        Report.Line("function, cold", cold);
        Report.Line("function, warm", warm);
        if (!withPython)
        {
            Report.Line("Python with boto3", "is not installed here: no ratio");
            return;
        }

        Report.Line("Python with boto3", python);
        Report.Ratio("a cold function to Python", cold.Median, python.Median);
    }

    private static async Task Ask(LabHost lab, LambdaFunction function)
    {
        var answer = await lab.Functions.Invoke(function, Event(), "00000000-0000-4000-8000-000000000001").ConfigureAwait(false);
        if (answer.Error is not null)
        {
            throw new InvalidOperationException($"The function failed: {System.Text.Encoding.UTF8.GetString(answer.Payload.Span)}");
        }
    }

    // A restored copy that is not there: the function asks RDS once and answers that it is gone.
    private static byte[] Event()
    {
        var target = new TargetPlan("us-east-1", null, "alias/dbre", true, null, null);
        var plan = new DatabasePlan(
            "bench", DatabaseKind.Instance, "postgres", "arn", "us-east-1", "nightly", "bench-nightly", "2026-01-01T00:00:00Z", null, null, null, "", 0, true,
            new Retention(1, 0, 0, 0), [target], new Dictionary<string, string>());
        return JsonSerializer.SerializeToUtf8Bytes(new RemoveRestoredCopyRequest(plan, target, "2026-01-01T00:00:00Z"), FunctionJson.Options);
    }

    private static async Task AskWithPython(LabHost lab)
    {
        using var python = Process.Start(Python([Path.Combine(AppContext.BaseDirectory, "describe.py")], lab.Address))!;
        var answer = await python.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        if (answer != "gone")
        {
            throw new InvalidOperationException($"Python answered '{answer}': {await python.StandardError.ReadToEndAsync().ConfigureAwait(false)}");
        }

        await python.WaitForExitAsync().ConfigureAwait(false);
    }

    private static async Task<bool> HasBoto3()
    {
        try
        {
            using var python = Process.Start(Python(["-c", "import boto3"], null))!;
            await python.WaitForExitAsync().ConfigureAwait(false);
            return python.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static ProcessStartInfo Python(string[] arguments, Uri? endpoint)
    {
        // The interpreter itself: a version manager's stand-in for it would be measured too.
        var start = new ProcessStartInfo(Interpreter.Value, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["AWS_ACCESS_KEY_ID"], start.Environment["AWS_SECRET_ACCESS_KEY"]) = ("lab", "lab");
        start.Environment["AWS_ENDPOINT_URL"] = endpoint?.ToString();
        start.Environment.Remove("PYTHONDONTWRITEBYTECODE");
        return start;
    }

    private static readonly Lazy<string> Interpreter = new(() =>
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable)"]) { RedirectStandardOutput = true })!;
        var path = python.StandardOutput.ReadLine();
        python.WaitForExit();
        return path ?? "python3";
    });
}
