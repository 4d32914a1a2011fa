using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>A value in a payload template that is computed: a path, an intrinsic function, or a literal argument of one.</summary>
public abstract record Intrinsic
{
    public abstract JsonNode? Evaluate(Scope scope);

    /// <summary>Parses the value of a field whose name ends in <c>.$</c>: a path or a call.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static Intrinsic Parse(string text)
    {
        var at = 0;
        if (text.StartsWith('$'))
        {
            return new Path(JsonPath.Parse(text));
        }

        var call = Call.Parse(text, ref at);
        return at == text.Length ? call : throw new FormatException($"'{text}' has something after the call");
    }

    internal sealed record Path(JsonPath At) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope) => At.Select(scope.Root(At), StatesError.ParameterPathFailure)?.DeepClone();
    }

    internal sealed record Literal(JsonNode? Value) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope) => Value?.DeepClone();
    }

    internal sealed record Call(string Name, Func<IReadOnlyList<JsonNode?>, JsonNode?> Function, IReadOnlyList<Intrinsic> Arguments) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope)
        {
            try
            {
                return Function([.. Arguments.Select(a => a.Evaluate(scope))]);
            }
            catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or ArgumentException or OverflowException or System.Text.Json.JsonException)
            {
                throw new StatesError(StatesError.IntrinsicFailure, $"{Name}: {wrong.Message}");
            }
        }

        public static Call Parse(string text, ref int at)
        {
            var open = text.IndexOf('(', at);
            var name = open < 0 ? text[at..] : text[at..open].Trim();
            if (open < 0 || !Functions.All.TryGetValue(name, out var known))
            {
                throw new FormatException($"'{name}' is neither a path nor an intrinsic function; the functions are {string.Join(", ", Functions.All.Keys.Order(StringComparer.Ordinal))}");
            }

            at = open + 1;
            var arguments = new List<Intrinsic>();
            SkipSpace(text, ref at);
            while (at < text.Length && text[at] != ')')
            {
                arguments.Add(Argument(text, ref at));
                SkipSpace(text, ref at);
                if (at < text.Length && text[at] == ',')
                {
                    at++;
                    SkipSpace(text, ref at);
                }
            }

            if (at >= text.Length)
            {
                throw new FormatException($"'{text}' has no closing parenthesis");
            }

            at++;
            return arguments.Count >= known.Least && arguments.Count <= known.Most
                ? new Call(name, known.Run, arguments)
                : throw new FormatException($"{name} takes {(known.Least == known.Most ? $"{known.Least}" : $"{known.Least} or more")} arguments, not {arguments.Count}");
        }

        private static Intrinsic Argument(string text, ref int at)
        {
            switch (text[at])
            {
                case '\'':
                    return new Literal(JsonValue.Create(Quoted(text, ref at)));
                case '$':
                    var start = at;
                    var depth = 0;
                    while (at < text.Length && (depth > 0 || text[at] is not (',' or ')' or ' ')))
                    {
                        depth += text[at] switch { '[' => 1, ']' => -1, _ => 0 };
                        at++;
                    }

                    return new Path(JsonPath.Parse(text[start..at]));
                case 'S':
                    return Parse(text, ref at);
                default:
                    return new Literal(Plain(text, ref at));
            }
        }

        private static JsonNode? Plain(string text, ref int at)
        {
            var start = at;
            while (at < text.Length && text[at] is not (',' or ')' or ' '))
            {
                at++;
            }

            return text[start..at] switch
            {
                "true" => JsonValue.Create(true),
                "false" => JsonValue.Create(false),
                "null" => null,
                var word when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
                var word when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
                var word => throw new FormatException($"'{word}' is no argument: texts stand in single quotes"),
            };
        }

        private static string Quoted(string text, ref int at)
        {
            var value = new System.Text.StringBuilder();
            for (at++; at < text.Length && text[at] != '\''; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '\'' or '\\')
                {
                    at++;
                }

                value.Append(text[at]);
            }

            if (at >= text.Length)
            {
                throw new FormatException($"'{text}' has a text without its closing quote");
            }

            at++;
            return value.ToString();
        }

        private static void SkipSpace(string text, ref int at)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }
        }
    }
}
