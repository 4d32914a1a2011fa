using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Report;
using Dbre.Cli.Runs;
using Dbre.Functions.Core;

using Spectre.Console;

namespace Dbre.Cli.Commands;

/// <summary>Prints executions: when, how long, how they ended and why.</summary>
internal static class ExecutionLines
{
    private const int AtOnce = 8;

    public static async Task Write(Surroundings here, IAmazonStepFunctions flows, IReadOnlyList<ExecutionListItem> executions, bool json, CancellationToken stop)
    {
        var rows = new Row[executions.Count];
        await Parallel.ForAsync(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, inner) =>
        {
            var described = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = executions[i].ExecutionArn }, inner).ConfigureAwait(false);
            rows[i] = Of(described, here.Clock);
        }).ConfigureAwait(false);
        if (json)
        {
            here.Print(new JsonArray([.. rows.Select(r => r.Json())]).ToJsonString());
        }
        else if (rows.Length == 0)
        {
            here.Print($"No run of {string.Join(", ", Flow.Names)} has started yet.");
        }
        else if (here.Out.Profile.Out.IsTerminal)
        {
            here.Out.Write(Table(rows));
        }
        else
        {
            foreach (var row in rows)
            {
                here.Print($"{row.Operation}  {row.StartedText}  {Wording.Span(row.Took)}  {row.Status}  {row.Reason}".TrimEnd());
            }
        }
    }

    private static Table Table(IEnumerable<Row> rows)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns("Run", "Started (UTC)", "Took", "Status", "Reason");
        foreach (var row in rows)
        {
            table.AddRow(new Text(row.Operation), new Text(row.StartedText), new Text(Wording.Span(row.Took)), new Text(row.Status, new Style(Colour(row.Status))), new Text(row.Reason));
        }

        return table;
    }

    private static Row Of(DescribeExecutionResponse execution, TimeProvider clock)
    {
        var running = execution.Status == ExecutionStatus.RUNNING;
        var started = new DateTimeOffset(execution.StartDate!.Value.ToUniversalTime());
        var ended = execution.StopDate is { } stopped && !running ? new DateTimeOffset(stopped.ToUniversalTime()) : clock.GetUtcNow();
        return new Row(execution.StateMachineArn.Split(':')[^1], execution.Name, execution.Status.Value, started, ended - started, running ? "" : ExecutionEnd.Of(execution).Reason);
    }

    private static Color Colour(string status) => status switch { "SUCCEEDED" => Color.Green, "RUNNING" => Color.Blue, _ => Color.Red };

    private sealed record Row(string Flow, string Operation, string Status, DateTimeOffset Started, TimeSpan Took, string Reason)
    {
        public string StartedText => Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

        public JsonNode Json() => new JsonObject
        {
            ["flow"] = Flow,
            ["operationId"] = Operation,
            ["status"] = Status,
            ["startedAt"] = Instant.Write(Started),
            ["seconds"] = Math.Round(Took.TotalSeconds, 3),
            ["reason"] = Reason,
        };
    }
}
