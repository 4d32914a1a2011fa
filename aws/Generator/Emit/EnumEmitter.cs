using static AwsCompat.Generator.CodeWriter;

namespace AwsCompat.Generator;

/// <summary>Emits an enumeration as the SDK's open class of constants.</summary>
internal static class EnumEmitter
{
    public static void Emit(CodeWriter code, string name, IReadOnlyList<string> values)
    {
        using (code.Open($"public class {name} : ConstantClass"))
        {
            foreach (var value in values)
            {
                code.Line($"public static readonly {name} {Naming.Constant(value)} = new({Quote(value)});");
            }

            code.Line($"public {name}(string value) : base(value) {{ }}");
            code.Line($"public static {name} FindValue(string value) => FindValue<{name}>(value);");
            code.Line($"public static implicit operator {name}(string value) => FindValue(value);");
        }
    }
}
