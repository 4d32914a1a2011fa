using System.Text;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>States.Format: each <c>{}</c> takes the next argument; braces and quotes of the text itself are escaped by a backslash.</summary>
internal static class FormatFunction
{
    internal static JsonValue Apply(Arguments a)
    {
        var template = a.Raw(0) ?? a.Text(0);
        var result = new StringBuilder();
        var next = 1;
        for (var i = 0; i < template.Length; i++)
        {
            switch (template[i])
            {
                case '\\' when i + 1 < template.Length:
                    result.Append(template[++i]);
                    break;
                case '{' when i + 1 < template.Length && template[i + 1] == '}':
                    i++;
                    result.Append(next < a.Count ? Shown(a, next) : throw new FormatException($"The template has more {{}} than the {a.Count - 1} arguments after it."));
                    next++;
                    break;
                case '{' or '}':
                    throw new FormatException("The template has a brace that is neither part of {} nor escaped by a backslash.");
                default:
                    result.Append(template[i]);
                    break;
            }
        }

        return next == a.Count ? JsonValue.Create(result.ToString()) : throw new FormatException($"The template has {next - 1} {{}} for {a.Count - 1} arguments.");
    }

    private static string Shown(Arguments a, int index) => a[index] switch
    {
        JsonArray or JsonObject => throw new FormatException($"Argument {index + 1} must be a string, a number, a boolean or null; States.JsonToString makes a string of it."),
        var plain => Values.Text(plain) ?? plain?.ToJsonString() ?? "null",
    };
}
