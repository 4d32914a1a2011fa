using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dbre.Lab.Services.Events;

/// <summary>A path into an event as targets give it: <c>$</c>, then fields and indexes (<c>$.detail.items[0].name</c>).</summary>
internal sealed partial class EventPath
{
    private readonly List<(string? Field, int Index)> steps = [];

    private EventPath()
    {
    }

    /// <exception cref="FormatException">The path has another form.</exception>
    internal static EventPath Parse(string text)
    {
        var shape = Shape().Match(text);
        if (!shape.Success)
        {
            throw new FormatException($"the path '{text}' is not one that the lab follows: $ with .field and [index]");
        }

        var path = new EventPath();
        foreach (Capture step in shape.Groups["step"].Captures)
        {
            path.steps.Add(step.Value[0] == '.' ? (step.Value[1..], 0) : (null, int.Parse(step.Value[1..^1], CultureInfo.InvariantCulture)));
        }

        return path;
    }

    /// <returns>Null when the event has nothing there.</returns>
    internal JsonElement? Select(JsonElement root)
    {
        var at = root;
        foreach (var (field, index) in steps)
        {
            if (field is not null && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(field, out var child))
            {
                at = child;
            }
            else if (field is null && at.ValueKind == JsonValueKind.Array && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at;
    }

    [GeneratedRegex(@"^\$(?<step>\.[A-Za-z0-9_/-]+|\[[0-9]{1,6}\])*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
