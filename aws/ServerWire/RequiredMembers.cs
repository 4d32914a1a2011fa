using System.Collections;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Checks that what the model requires is there, in the whole request, and names what is not as AWS's JSON services do.</summary>
internal static class RequiredMembers
{
    /// <exception cref="WireFormatException">ValidationException; the path's names begin with a lower-case letter, as AWS writes them.</exception>
    public static void Check(StructureShape shape, object value) => Check(shape, value, "");

    private static void Check(Shape shape, object value, string path)
    {
        switch (shape)
        {
            case StructureShape structure:
                foreach (var member in structure.Members)
                {
                    var at = path + (path.Length == 0 ? "" : ".") + char.ToLowerInvariant(member.Name[0]) + member.Name[1..];
                    if (member.Get(value) is { } part)
                    {
                        Check(member.Shape, part, at);
                    }
                    else if (member.Required)
                    {
                        throw new WireFormatException(
                            "ValidationException", $"1 validation error detected: Value null at '{at}' failed to satisfy constraint: Member must not be null");
                    }
                }

                break;
            case ListShape { Item: not ScalarShape } list:
                var number = 0;
                foreach (var item in (IEnumerable)value)
                {
                    Check(list.Item, item, $"{path}.{++number}.member");
                }

                break;
            case MapShape { Value: not ScalarShape } map:
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    Check(map.Value, entry.Value!, $"{path}.{entry.Key}.member");
                }

                break;
        }
    }
}
