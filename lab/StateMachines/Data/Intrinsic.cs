using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>A value in a payload template that is computed: a path, an intrinsic function, or a literal argument of one.</summary>
public abstract record Intrinsic
{
    /// <exception cref="StatesError">A path finds nothing (States.Runtime), or a function fails (States.IntrinsicFailure).</exception>
    public abstract JsonNode? Evaluate(Scope scope);

    /// <summary>Parses the value of a field whose name ends in <c>.$</c>: a path or a call.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static Intrinsic Parse(string text) => text.StartsWith('$') ? new Found(JsonPath.Parse(text)) : new FunctionParser(text).Parse();

    /// <remarks>AWS documents States.ParameterPathFailure for a path that finds nothing; what it answers is States.Runtime, which nothing catches.</remarks>
    internal sealed record Found(JsonPath Path) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope) => Path.Select(scope.Root(Path))?.DeepClone();
    }

    /// <param name="Raw">The characters between the quotes, escapes and all: Format tells a placeholder from an escaped brace by them.</param>
    internal sealed record Literal(JsonNode? Value, string? Raw) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope) => Value?.DeepClone();
    }

    internal sealed record Call(string Text, Function Function, IReadOnlyList<Intrinsic> Arguments) : Intrinsic
    {
        public override JsonNode? Evaluate(Scope scope)
        {
            try
            {
                return Function.Apply(new Arguments(Arguments, scope));
            }
            catch (Exception wrong) when (wrong is FormatException or System.Text.Json.JsonException)
            {
                throw new StatesError(StatesError.IntrinsicFailure, $"The function '{Text}' had the following error: {wrong.Message}");
            }
        }
    }
}
