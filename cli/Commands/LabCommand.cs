using System.CommandLine;
using System.Diagnostics;

using Dbre.Lab.Host;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre lab up|down|status|env|serve</c>: a lab that stays up, for the AWS CLI and one's own code.</summary>
internal static class LabCommand
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create() => new("lab", "An emulated AWS on this machine, with real database servers.")
    {
        Sub("up", "Start the lab and wait until it is ready.", Up),
        Sub("down", "Stop the lab and remove its state.", Down),
        Sub("status", "Say whether the lab is up, and what is deployed in it.", Status),
        Sub("env", "Print what a shell needs to talk to the lab: eval \"$(./dbre lab env)\".", (options, _) => Print(Environment(options))),
        Sub("serve", "Run the lab in the foreground until it is interrupted.", Serve),
    };

    private static Command Sub(string name, string description, Func<LabOptions, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction(async (_, stop) =>
        {
            try
            {
                return await run(LabOptions.Standing(), stop).ConfigureAwait(false);
            }
            catch (LabException problem)
            {
                await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
                return 2;
            }
        });
        return command;
    }

    private static async Task<int> Up(LabOptions options, CancellationToken stop)
    {
        if (await Answers(options, stop).ConfigureAwait(false) is not null)
        {
            return await Print($"The lab is already up at http://127.0.0.1:{options.Port}.").ConfigureAwait(false);
        }

        var log = Path.Combine(Path.GetTempPath(), $"dbre-lab-{options.Port}.log");
        var start = new ProcessStartInfo("setsid", ["--fork", "sh", "-c", $"exec \"$0\" \"$1\" lab serve >\"$2\" 2>&1 </dev/null", System.Environment.ProcessPath!, typeof(LabCommand).Assembly.Location, log]);
        using var launched = Process.Start(start)!;
        await launched.WaitForExitAsync(stop).ConfigureAwait(false);
        var give = TimeProvider.System.GetTimestamp();
        while (await Answers(options, stop).ConfigureAwait(false) is null)
        {
            if (TimeProvider.System.GetElapsedTime(give) > LongestStart)
            {
                throw new LabException($"The lab did not come up within {LongestStart.TotalSeconds:0} s: {(File.Exists(log) ? (await File.ReadAllTextAsync(log, stop).ConfigureAwait(false)).Trim() : "it wrote no log")}");
            }

            await Task.Delay(Look, TimeProvider.System, stop).ConfigureAwait(false);
        }

        return await Print($"The lab is up at http://127.0.0.1:{options.Port}. To use it from this shell:\n  eval \"$(./dbre lab env)\"").ConfigureAwait(false);
    }

    private static async Task<int> Down(LabOptions options, CancellationToken stop)
    {
        if (await Answers(options, stop).ConfigureAwait(false) is not { } status)
        {
            return await Print("The lab is not up.").ConfigureAwait(false);
        }

        using var answer = System.Text.Json.JsonDocument.Parse(status);
        using var lab = Process.GetProcessById(answer.RootElement.GetProperty("processId").GetInt32());
        using var http = new HttpClient();
        using var asked = await http.PostAsync(new Uri($"http://127.0.0.1:{options.Port}/_lab/stop"), null, stop).ConfigureAwait(false);
        await lab.WaitForExitAsync(stop).WaitAsync(LongestStart, TimeProvider.System, stop).ConfigureAwait(false);
        return await Print("The lab is down, and its state is removed.").ConfigureAwait(false);
    }

    private static async Task<int> Status(LabOptions options, CancellationToken stop)
    {
        var status = await Answers(options, stop).ConfigureAwait(false);
        await Print(status ?? "The lab is not up.").ConfigureAwait(false);
        return status is null ? 1 : 0;
    }

    private static async Task<int> Serve(LabOptions options, CancellationToken stop)
    {
        var lab = await LabHost.Start(options, TimeProvider.System, stop).ConfigureAwait(false);
        await using var dispose = lab.ConfigureAwait(false);
        await Print($"The lab is up at {lab.Address}, with {lab.Deployed} deployed.").ConfigureAwait(false);
        await Task.WhenAny(lab.StopAsked.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop)).ConfigureAwait(false);
        return 0;
    }

    private static string Environment(LabOptions options) => string.Join('\n',
        $"export AWS_ENDPOINT_URL=http://127.0.0.1:{options.Port}",
        "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1",
        "export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab");

    private static async Task<string?> Answers(LabOptions options, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return await http.GetStringAsync(new Uri($"http://127.0.0.1:{options.Port}/_lab/status"), stop).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> Print(string text)
    {
        await Console.Out.WriteLineAsync(text).ConfigureAwait(false);
        return 0;
    }
}
