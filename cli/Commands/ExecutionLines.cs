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
    public static async Task Write(
        Surroundings here, IAmazonStepFunctions flows, IReadOnlyList<ExecutionListItem> executions, string none, bool json, CancellationToken stop)
    {
        var rows = new List<Row>();
        foreach (var execution in executions)
        {
            var described = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn }, stop).ConfigureAwait(false);
            rows.Add(Of(described, here.Clock));
        }

        if (json)
        {
            here.Print(new JsonArray([.. rows.Select(r => r.Json())]).ToJsonString());
        }
        else if (rows.Count == 0)
        {
            here.Print(none);
        }
        else if (here.Out.Profile.Out.IsTerminal)
        {
            var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns("Run", "Started (UTC)", "Took", "Status", "Reason");
            foreach (var row in rows)
            {
                table.AddRow(new Text(row.Operation), new Text(row.StartedText), new Text(Wording.Span(row.Took)), new Text(row.Status, new Style(Colour(row.Status))), new Text(row.Reason));
            }

            here.Out.Write(table);
        }
        else
        {
            foreach (var row in rows)
            {
                here.Print($"{row.Operation}  {row.StartedText}  {Wording.Span(row.Took)}  {row.Status}  {row.Reason}");
            }
        }
    }

    private static Row Of(DescribeExecutionResponse execution, TimeProvider clock)
    {
        var running = execution.Status == ExecutionStatus.RUNNING;
        var started = new DateTimeOffset(execution.StartDate!.Value.ToUniversalTime());
        var ended = execution.StopDate is { } stopped && !running ? new DateTimeOffset(stopped.ToUniversalTime()) : clock.GetUtcNow();
        return new Row(execution.Name, execution.Status.Value, started, ended - started, running ? "" : ExecutionEnd.Of(execution).Reason);
    }

    private static Color Colour(string status) => status switch { "SUCCEEDED" => Color.Green, "RUNNING" => Color.Blue, _ => Color.Red };

    private sealed record Row(string Operation, string Status, DateTimeOffset Started, TimeSpan Took, string Reason)
    {
        public string StartedText => Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

        public JsonNode Json() => new JsonObject
        {
            ["operationId"] = Operation, ["status"] = Status, ["startedAt"] = Instant.Write(Started), ["seconds"] = Math.Round(Took.TotalSeconds, 3), ["reason"] = Reason,
        };
    }
}
