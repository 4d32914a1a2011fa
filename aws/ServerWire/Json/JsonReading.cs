using System.Text.Json;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Reads request values from JSON. Every property must be known: what we do not handle is never ignored.</summary>
internal static class JsonReading
{
    /// <summary>Reads a body into the request.</summary>
    /// <exception cref="WireFormatException">Not JSON, an unknown property, or a value of another type; the message names where.</exception>
    public static void Body(StructureShape shape, ReadOnlyMemory<byte> body, object target)
    {
        if (body.IsEmpty)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            Members(shape, document.RootElement, target, "");
        }
        catch (JsonException exception)
        {
            throw new WireFormatException("SerializationException", $"The request body is not JSON: {exception.Message}");
        }
    }

    public static object? Value(Shape shape, JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        switch (shape)
        {
            case ScalarShape scalar:
                return Scalar(scalar, json, path);
            case ListShape list:
                var items = list.Create();
                foreach (var item in Expect(json, JsonValueKind.Array, path, "a list").EnumerateArray())
                {
                    items.Add(Value(list.Item, item, $"{path}[{items.Count}]"));
                }

                return items;
            case MapShape map:
                var entries = map.Create();
                foreach (var entry in Expect(json, JsonValueKind.Object, path, "an object").EnumerateObject())
                {
                    entries[entry.Name] = Value(map.Value, entry.Value, $"{path}.{entry.Name}");
                }

                return entries;
            default:
                var structure = (StructureShape)shape;
                var target = structure.Create();
                Members(structure, json, target, path + ".");
                return target;
        }
    }

    private static void Members(StructureShape shape, JsonElement json, object target, string prefix)
    {
        foreach (var property in Expect(json, JsonValueKind.Object, prefix.TrimEnd('.'), "an object").EnumerateObject())
        {
            // "__type" only says what the object is; clients may send it.
            if (property.Name == "__type")
            {
                continue;
            }

            var member = shape.Find(property.Name)
                ?? throw new WireFormatException("SerializationException", $"The parameter {prefix}{property.Name} is not recognized.");
            member.Set(target, Value(member.Shape, property.Value, prefix + property.Name));
        }
    }

    private static object Scalar(ScalarShape shape, JsonElement json, string path)
    {
        switch (shape.Kind, json.ValueKind)
        {
            case (ScalarKind.String, JsonValueKind.String):
                return shape.FromString(json.GetString()!);
            case (ScalarKind.Boolean, JsonValueKind.True or JsonValueKind.False):
                return json.GetBoolean();
            case (ScalarKind.Integer, JsonValueKind.Number) when json.TryGetInt32(out var value):
                return value;
            case (ScalarKind.Long, JsonValueKind.Number) when json.TryGetInt64(out var value):
                return value;
            case (ScalarKind.Float, JsonValueKind.Number):
                return json.GetSingle();
            case (ScalarKind.Double, JsonValueKind.Number):
                return json.GetDouble();
            case (ScalarKind.Timestamp, JsonValueKind.Number):
                return DateTime.UnixEpoch.AddMilliseconds(Math.Round(json.GetDouble() * 1000));
            case (ScalarKind.Blob or ScalarKind.Float or ScalarKind.Double, JsonValueKind.String):
                return WireText.Parse(shape, json.GetString()!, path);
            default:
                throw new WireFormatException("SerializationException", $"The value of the parameter {path} is not {ScalarText.Expected(shape.Kind)}.");
        }
    }

    private static JsonElement Expect(JsonElement json, JsonValueKind kind, string path, string expected) => json.ValueKind == kind
        ? json
        : throw new WireFormatException("SerializationException", path.Length == 0 ? $"The request body is not {expected}." : $"The value of the parameter {path} is not {expected}.");
}
