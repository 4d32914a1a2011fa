using Spectre.Console;

namespace Dbre.Cli.Runs;

/// <summary>Prints a plan: each database with its snapshot and targets, then what is left alone and why.</summary>
internal static class PlanTable
{
    public static void Write(Surroundings here, Plan plan)
    {
        if (here.Out.Profile.Out.IsTerminal && plan.Databases.Count > 0)
        {
            here.Out.Write(Table(plan));
        }
        else
        {
            foreach (var (database, target) in Rows(plan))
            {
                here.Print($"{database.Database} ({database.Engine}): snapshot {database.Snapshot}, copy to {target.Name} under {target.KmsKey}, {(target.ProofDue ? "to be proven" : "no proof due")}");
            }
        }

        foreach (var refused in plan.Refused)
        {
            here.Print($"Left alone: {refused.Reason}");
        }

        foreach (var deferred in plan.Deferred)
        {
            here.Print($"Deferred: {deferred.Database}: {deferred.Reason}");
        }

        here.Print($"{plan.Reason} This is the plan only; nothing was changed.");
    }

    private static Table Table(Plan plan)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        table.AddColumns("Database", "Engine", "Snapshot", "Copy to", "Key", "Proof");
        string? last = null;
        foreach (var (database, target) in Rows(plan))
        {
            var first = database.Database != last;
            last = database.Database;
            table.AddRow(
                new Text(first ? database.Database : "", new Style(decoration: Decoration.Bold)), new Text(first ? database.Engine : ""), new Text(first ? database.Snapshot : ""),
                new Text(target.Name), new Text(target.KmsKey), new Text(target.ProofDue ? "due" : "not due", new Style(target.ProofDue ? Color.Green : Color.Grey)));
        }

        return table;
    }

    private static IEnumerable<(PlannedDatabase Database, PlannedTarget Target)> Rows(Plan plan) =>
        plan.Databases.SelectMany(d => d.Targets.Select(t => (d, t)));
}
