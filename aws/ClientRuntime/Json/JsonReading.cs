using System.Text.Json;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Reads response values from JSON. Properties that the model does not have are newer than it, and passed over.</summary>
internal static class JsonReading
{
    public static void Members(IEnumerable<Member> members, JsonElement json, object target)
    {
        foreach (var member in members)
        {
            if (json.TryGetProperty(member.WireName, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                member.Set(target, Value(member.Shape, value, member.Name));
            }
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
            case ListShape list:
                var items = list.Create();
                foreach (var item in json.EnumerateArray())
                {
                    items.Add(Value(list.Item, item, path));
                }

                return items;
            case MapShape map:
                var entries = map.Create();
                foreach (var entry in json.EnumerateObject())
                {
                    entries[entry.Name] = Value(map.Value, entry.Value, path);
                }

                return entries;
            case StructureShape structure:
                var target = structure.Create();
                Members(structure.Members, json, target);
                return target;
            default:
                return Scalar((ScalarShape)shape, json, path);
        }
    }

    private static object Scalar(ScalarShape shape, JsonElement json, string path) => (shape.Kind, json.ValueKind) switch
    {
        (ScalarKind.Timestamp, JsonValueKind.Number) => DateTime.UnixEpoch.AddMilliseconds(Math.Round(json.GetDouble() * 1000)),
        (_, JsonValueKind.String) => ScalarText.Parse(shape, json.GetString()!, path),
        _ => ScalarText.Parse(shape, json.GetRawText(), path),
    };
}
