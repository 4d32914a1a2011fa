using System.Collections;
using System.Text.Json;

namespace AwsCompat.Shapes;

/// <summary>Writes values as JSON: times in seconds since 1970, blobs in base64, what is null left out.</summary>
internal static class JsonWriting
{
    public static void Members(Utf8JsonWriter json, IEnumerable<Member> members, object owner)
    {
        foreach (var member in members)
        {
            if (Present.Value(member, owner) is { } value)
            {
                json.WritePropertyName(member.WireName);
                Value(json, member.Shape, value);
            }
        }
    }

    public static void Value(Utf8JsonWriter json, Shape shape, object? value)
    {
        switch (shape)
        {
            case StructureShape structure when value is not null:
                json.WriteStartObject();
                Members(json, structure.Members, value);
                json.WriteEndObject();
                break;
            case ListShape list when value is not null:
                json.WriteStartArray();
                foreach (var item in (IEnumerable)value)
                {
                    Value(json, list.Item, item);
                }

                json.WriteEndArray();
                break;
            case MapShape map when value is not null:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    json.WritePropertyName((string)entry.Key);
                    Value(json, map.Value, entry.Value);
                }

                json.WriteEndObject();
                break;
            default:
                Scalar(json, value);
                break;
        }
    }

    private static void Scalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case DateTime time: json.WriteNumberValue(new DateTimeOffset(ScalarText.Utc(time)).ToUnixTimeMilliseconds() / 1000m); break;
            default: json.WriteStringValue(ScalarText.Format(value)); break;
        }
    }
}
