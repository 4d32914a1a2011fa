using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Cli.Terminal;
using Dbre.Lab.Host;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre lab up|down|status|env|serve</c>: a lab that stays up, for the AWS CLI and one's own code.</summary>
internal static class LabCommand
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create(Surroundings here)
    {
        var json = Options.Flag("--json", "Print JSON and nothing else.");
        var status = new Command("status", "Say whether the lab is up, and what is deployed in it; exit code 1 when it is down.") { json };
        status.SetAction((parsed, stop) => Status(here, LabOptions.Standing(), parsed.GetValue(json), stop));
        return new Command("lab", "An emulated AWS on this machine, with real database servers.")
        {
            Sub("up", "Start the lab and wait until it is ready.", (options, stop) => Up(here, options, stop)),
            Sub("down", "Stop the lab and remove its state.", (options, stop) => Down(here, options, stop)),
            status,
            Sub("env", "Print what a shell needs to talk to the lab: eval \"$(./dbre lab env)\".", (options, stop) => Env(here, options, stop)),
            Sub("serve", "Run the lab in the foreground until it is interrupted.", (options, stop) => Serve(here, options, stop)),
        };
    }

    private static Command Sub(string name, string description, Func<LabOptions, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, stop) => run(LabOptions.Standing(), stop));
        return command;
    }

    private static async Task<int> Up(Surroundings here, LabOptions options, CancellationToken stop)
    {
        if (await Ask(options, stop).ConfigureAwait(false) is not null)
        {
            here.Print($"The lab is already up at {Address(options)}.");
            return ExitCode.Success;
        }

        await Progress.Show(here, ProgressForm.Person, progress => Launch(options, progress, stop)).ConfigureAwait(false);
        here.Print($"The lab is up at {Address(options)}. To use it from this shell:\n  eval \"$(./dbre lab env)\"");
        return ExitCode.Success;
    }

    /// <summary>Starts this program again as a process of its own session, so that it outlives the shell, and waits until it answers.</summary>
    private static async Task<bool> Launch(LabOptions options, Progress progress, CancellationToken stop)
    {
        progress.At("lab", "starting the services and deploying the stacks", share: null);
        var start = new ProcessStartInfo("setsid", ["sh", "-c", "exec \"$0\" \"$1\" lab serve >\"$2\" 2>&1 </dev/null", Environment.ProcessPath!, typeof(LabCommand).Assembly.Location, Log(options)]);
        using var launched = Process.Start(start)!;
        var begun = TimeProvider.System.GetTimestamp();
        while (await Ask(options, stop).ConfigureAwait(false) is not { } status || !(bool)status["ready"]!)
        {
            if (launched.HasExited || TimeProvider.System.GetElapsedTime(begun) > LongestStart)
            {
                var said = File.Exists(Log(options)) ? (await File.ReadAllTextAsync(Log(options), stop).ConfigureAwait(false)).Trim() : "";
                throw new LabException(said.Length > 0 ? said : $"The lab did not come up within {LongestStart.TotalSeconds:0} s, and said nothing.");
            }

            await Task.Delay(Look, TimeProvider.System, stop).ConfigureAwait(false);
        }

        progress.End("lab", "up", failed: false);
        return true;
    }

    private static async Task<int> Down(Surroundings here, LabOptions options, CancellationToken stop)
    {
        if (await Ask(options, stop).ConfigureAwait(false) is not { } status)
        {
            var left = Directory.Exists(options.StateFolder);
            RemoveWhatIsLeft(options);
            here.Print($"The lab is not up at {Address(options)}{(left ? "; what one left that was killed is removed" : "")}.");
            return ExitCode.Success;
        }

        using var lab = Process.GetProcessById((int)status["processId"]!);
        using var http = new HttpClient();
        using var asked = await http.PostAsync(new Uri($"{Address(options)}/_lab/stop"), null, stop).ConfigureAwait(false);
        try
        {
            await lab.WaitForExitAsync(stop).WaitAsync(LongestStop, TimeProvider.System, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new LabException($"The lab (process {lab.Id}) was asked to stop and still runs after {LongestStop.TotalSeconds:0} s; its log is {Log(options)}.");
        }

        RemoveWhatIsLeft(options);
        here.Print("The lab is down, and its state is removed.");
        return ExitCode.Success;
    }

    private static void RemoveWhatIsLeft(LabOptions options)
    {
        if (Directory.Exists(options.StateFolder))
        {
            Directory.Delete(options.StateFolder, recursive: true);
        }

        File.Delete(Log(options));
    }

    private static async Task<int> Status(Surroundings here, LabOptions options, bool json, CancellationToken stop)
    {
        var status = await Ask(options, stop).ConfigureAwait(false);
        if (json)
        {
            here.Print((status ?? new JsonObject { ["address"] = null }).ToJsonString());
        }
        else if (status is null)
        {
            here.Print($"The lab is not up at {Address(options)}; ./dbre lab up starts it.");
        }
        else
        {
            here.Print($"The lab is {((bool)status["ready"]! ? "up" : "starting")} at {Address(options)} (process {status["processId"]}), with {status["deployed"]} deployed.");
            here.Print($"Its databases' certificates are signed by {status["databaseAuthority"]}.");
            foreach (var problem in status["problems"]!.AsArray())
            {
                here.Print($"A fault of the lab itself: {problem}");
            }
        }

        return status is null ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<int> Env(Surroundings here, LabOptions options, CancellationToken stop)
    {
        var status = await Ask(options, stop).ConfigureAwait(false) ?? throw new LabException($"No lab answers at {Address(options)}; start it with ./dbre lab up.");
        here.Print($"""
            export AWS_ENDPOINT_URL={Address(options)}
            export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
            export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab
            unset AWS_SESSION_TOKEN AWS_PROFILE
            export PGSSLMODE=verify-full PGSSLROOTCERT={status["databaseAuthority"]}
            """);
        return ExitCode.Success;
    }

    private static async Task<int> Serve(Surroundings here, LabOptions options, CancellationToken stop)
    {
        var lab = await LabHost.Start(options, here.Clock, stop).ConfigureAwait(false);
        await using var dispose = lab.ConfigureAwait(false);
        here.Print($"The lab is up at {lab.Address}, with {lab.Deployed} deployed.");
        await Task.WhenAny(lab.StopAsked.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop)).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static string Address(LabOptions options) => $"http://127.0.0.1:{options.Port}";

    private static string Log(LabOptions options) => Path.Combine(Path.GetTempPath(), $"dbre-lab-{options.Port}.log");

    /// <summary>What the lab says of itself; null when none answers.</summary>
    /// <exception cref="LabException">Something else listens there.</exception>
    private static async Task<JsonObject?> Ask(LabOptions options, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = LongestAnswer };
        try
        {
            var answer = await http.GetStringAsync(new Uri($"{Address(options)}/_lab/status"), stop).ConfigureAwait(false);
            return JsonNode.Parse(answer) is JsonObject status && status.ContainsKey("processId") ? status : throw Stranger(options);
        }
        catch (HttpRequestException nobody) when (nobody.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
        catch (Exception other) when (other is HttpRequestException or JsonException || (other is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw Stranger(options);
        }
    }

    private static LabException Stranger(LabOptions options) =>
        new($"What listens at {Address(options)} is no lab; stop it, or set DBRE_LAB_PORT to a free port.");
}
