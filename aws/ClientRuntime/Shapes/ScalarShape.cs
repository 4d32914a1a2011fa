using Amazon.Runtime;

namespace AwsCompat.Shapes;

/// <summary>The kind of a value that has no parts.</summary>
public enum ScalarKind
{
    String,
    Boolean,
    Integer,
    Long,
    Float,
    Double,
    Timestamp,
    Blob,
}

/// <summary>A string, number, truth value, time (<see cref="DateTime"/>) or blob (<see cref="MemoryStream"/>).</summary>
public sealed class ScalarShape : Shape
{
    private readonly Func<string, ConstantClass>? enumeration;

    private ScalarShape(ScalarKind kind) => Kind = kind;

    /// <summary>A string whose .NET type is one of the SDK's enumerations, open to values it does not know.</summary>
    public ScalarShape(Func<string, ConstantClass> enumeration)
        : this(ScalarKind.String) => this.enumeration = enumeration;

    public static ScalarShape String { get; } = new(ScalarKind.String);

    public static ScalarShape Boolean { get; } = new(ScalarKind.Boolean);

    public static ScalarShape Integer { get; } = new(ScalarKind.Integer);

    public static ScalarShape Long { get; } = new(ScalarKind.Long);

    public static ScalarShape Float { get; } = new(ScalarKind.Float);

    public static ScalarShape Double { get; } = new(ScalarKind.Double);

    public static ScalarShape Timestamp { get; } = new(ScalarKind.Timestamp);

    public static ScalarShape Blob { get; } = new(ScalarKind.Blob);

    public ScalarKind Kind { get; }

    /// <summary>The .NET value of a string that was read.</summary>
    /// <remarks>Without the cast both arms would be strings, by the enumerations' implicit conversion.</remarks>
    public object FromString(string text) => enumeration is null ? text : (object)enumeration(text);
}
