using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>The intrinsic functions (AWS Step Functions Developer Guide, "Intrinsic functions for JSONPath states"). Chance has none: it could not be replayed.</summary>
internal static class Functions
{
    internal sealed record Known(int Least, int Most, Func<IReadOnlyList<JsonNode?>, JsonNode?> Run);

    internal static readonly IReadOnlyDictionary<string, Known> All = new Dictionary<string, Known>(StringComparer.Ordinal)
    {
        ["States.Format"] = new(1, int.MaxValue, Format),
        ["States.StringToJson"] = new(1, 1, a => JsonNode.Parse(Text(a[0]))),
        ["States.JsonToString"] = new(1, 1, a => JsonValue.Create(a[0]?.ToJsonString() ?? "null")),
        ["States.Array"] = new(0, int.MaxValue, a => new JsonArray([.. a])),
        ["States.ArrayPartition"] = new(2, 2, a => new JsonArray([.. List(a[0]).Chunk(Whole(a[1])).Select(c => new JsonArray([.. c.Select(Copy)]))])),
        ["States.ArrayContains"] = new(2, 2, a => JsonValue.Create(List(a[0]).Any(x => JsonNode.DeepEquals(x, a[1])))),
        ["States.ArrayRange"] = new(3, 3, Range),
        ["States.ArrayGetItem"] = new(2, 2, a => List(a[0])[Whole(a[1])]?.DeepClone()),
        ["States.ArrayLength"] = new(1, 1, a => JsonValue.Create(List(a[0]).Count)),
        ["States.ArrayUnique"] = new(1, 1, Unique),
        ["States.Base64Encode"] = new(1, 1, a => JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a[0]))))),
        ["States.Base64Decode"] = new(1, 1, a => JsonValue.Create(Encoding.UTF8.GetString(Convert.FromBase64String(Text(a[0]))))),
        ["States.Hash"] = new(2, 2, Hash),
        ["States.JsonMerge"] = new(3, 3, Merge),
        ["States.MathAdd"] = new(2, 2, a => JsonValue.Create((long)Whole(a[0]) + Whole(a[1]))),
        ["States.StringSplit"] = new(2, 2, a => new JsonArray([.. Text(a[0]).Split(Text(a[1]).ToCharArray()).Where(p => p.Length > 0).Select(p => JsonValue.Create(p))])),
    };

    private static JsonValue Format(IReadOnlyList<JsonNode?> arguments)
    {
        var template = Text(arguments[0]);
        var built = new StringBuilder();
        var next = 1;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length)
            {
                built.Append(template[++i]);
            }
            else if (template[i] == '{' && i + 1 < template.Length && template[i + 1] == '}')
            {
                if (next >= arguments.Count)
                {
                    throw new ArgumentException($"the template has more {{}} than the {arguments.Count - 1} arguments");
                }

                built.Append(Shown(arguments[next++]));
                i++;
            }
            else
            {
                built.Append(template[i]);
            }
        }

        return next == arguments.Count ? JsonValue.Create(built.ToString()) : throw new ArgumentException($"{arguments.Count - 1} arguments are given for {next - 1} {{}}");
    }

    private static string Shown(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    private static JsonArray Range(IReadOnlyList<JsonNode?> a)
    {
        var (first, last, step) = (Whole(a[0]), Whole(a[1]), Whole(a[2]));
        if (step == 0 || (last - first) / step > 1000)
        {
            throw new ArgumentException("the step must not be 0, and at most 1000 elements are made");
        }

        var range = new JsonArray();
        for (var value = first; step > 0 ? value <= last : value >= last; value += step)
        {
            range.Add(value);
        }

        return range;
    }

    private static JsonArray Unique(IReadOnlyList<JsonNode?> a)
    {
        var unique = new List<JsonNode?>();
        foreach (var item in List(a[0]).Where(item => !unique.Any(known => JsonNode.DeepEquals(known, item))))
        {
            unique.Add(item);
        }

        return new JsonArray([.. unique.Select(Copy)]);
    }

    private static JsonValue Hash(IReadOnlyList<JsonNode?> a)
    {
        var data = Encoding.UTF8.GetBytes(a[0] is JsonValue value && value.TryGetValue<string>(out var text) ? text : a[0]?.ToJsonString() ?? "null");
#pragma warning disable CA5350, CA5351 // The language names these algorithms; nothing is secured by them here.
        return JsonValue.Create(Convert.ToHexStringLower(Text(a[1]) switch
        {
            "MD5" => MD5.HashData(data),
            "SHA-1" => SHA1.HashData(data),
            "SHA-256" => SHA256.HashData(data),
            "SHA-384" => SHA384.HashData(data),
            "SHA-512" => SHA512.HashData(data),
            var other => throw new ArgumentException($"'{other}' is no algorithm; allowed are MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        }));
#pragma warning restore CA5350, CA5351
    }

    private static JsonObject Merge(IReadOnlyList<JsonNode?> a)
    {
        if (a[2]?.GetValue<bool>() == true)
        {
            throw new ArgumentException("only the shallow merge exists: the third argument must be false");
        }

        var merged = a[0]!.AsObject().DeepClone().AsObject();
        foreach (var (name, value) in a[1]!.AsObject())
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static JsonArray List(JsonNode? node) => node as JsonArray ?? throw new ArgumentException($"{Shown(node)} is no list");

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new ArgumentException($"{Shown(node)} is no text");

    private static int Whole(JsonNode? node) => node is JsonValue value && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? checked((int)Math.Floor(number))
        : throw new ArgumentException($"{Shown(node)} is no number");
}
