using System.Text.Json.Nodes;

namespace Dbre.Cli.Terminal;

/// <summary>A JSON object per change: <c>seconds</c> since the start, and <c>said</c>, or <c>name</c> with <c>step</c> or <c>ended</c> and <c>failed</c>.</summary>
internal sealed class JsonProgress(Surroundings here) : Progress
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> steps = new(StringComparer.Ordinal);
    private readonly long started = here.Clock.GetTimestamp();

    public override void Say(string text) => Write(new JsonObject { ["said"] = text });

    public override void At(string name, string step, double? share)
    {
        lock (gate)
        {
            if (steps.GetValueOrDefault(name) == step)
            {
                return;
            }

            steps[name] = step;
        }

        Write(new JsonObject { ["name"] = name, ["step"] = step, ["share"] = share is { } known ? Math.Round(known, 3) : null });
    }

    public override void End(string name, string said, bool failed) => Write(new JsonObject { ["name"] = name, ["ended"] = said, ["failed"] = failed });

    private void Write(JsonObject change)
    {
        lock (gate)
        {
            change.Insert(0, "seconds", Math.Round(here.Clock.GetElapsedTime(started).TotalSeconds, 3));
            here.Print(change.ToJsonString());
        }
    }
}
