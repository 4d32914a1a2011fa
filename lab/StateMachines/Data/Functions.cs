using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>An intrinsic function: how many arguments it takes and what it makes of them.</summary>
internal sealed record Function(int Fewest, int Most, Func<Arguments, JsonNode?> Apply)
{
    internal string Takes => Fewest == Most ? $"{Fewest}" : Most == int.MaxValue ? $"{Fewest} or more" : $"{Fewest} to {Most}";
}

/// <summary>All intrinsic functions that the Step Functions Developer Guide documents ("Intrinsic functions for JSONPath states").</summary>
internal static class Functions
{
    internal static readonly IReadOnlyDictionary<string, Function> Known = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["States.Array"] = new(0, int.MaxValue, a => new JsonArray(a.All)),
        ["States.ArrayPartition"] = new(2, 2, ArrayFunctions.Partition),
        ["States.ArrayContains"] = new(2, 2, a => a.List(0).Any(i => JsonNode.DeepEquals(i, a[1]))),
        ["States.ArrayRange"] = new(3, 3, ArrayFunctions.Range),
        ["States.ArrayGetItem"] = new(2, 2, ArrayFunctions.GetItem),
        ["States.ArrayLength"] = new(1, 1, a => a.List(0).Count),
        ["States.ArrayUnique"] = new(1, 1, ArrayFunctions.Unique),
        ["States.Format"] = new(1, int.MaxValue, FormatFunction.Apply),
        ["States.StringSplit"] = new(2, 2, a => new JsonArray([.. a.Text(0).Split(a.Text(1).ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Select(p => JsonValue.Create(p))])),
        ["States.StringToJson"] = new(1, 1, a => Values.Read(a.Text(0))),
        ["States.JsonToString"] = new(1, 1, a => a[0]?.ToJsonString() ?? "null"),
        ["States.JsonMerge"] = new(3, 3, Merge),
        ["States.Base64Encode"] = new(1, 1, a => Convert.ToBase64String(Encoding.UTF8.GetBytes(a.ShortText(0)))),
        ["States.Base64Decode"] = new(1, 1, a => Encoding.UTF8.GetString(Convert.FromBase64String(a.ShortText(0)))),
        ["States.Hash"] = new(2, 2, a => Hash(a.ShortText(0), a.Text(1))),
        ["States.MathAdd"] = new(2, 2, a => a.Integer(0) + a.Integer(1)),
        ["States.MathRandom"] = new(2, 3, Random),
        ["States.UUID"] = new(0, 0, a => a.Chance.NextUuid()),
    };

    private static JsonObject Merge(Arguments a)
    {
        if (Values.Flag(a[2]) != false)
        {
            throw new FormatException("Argument 3 must be false: only the shallow merge exists.");
        }

        var merged = a.Object(0).DeepClone().AsObject();
        foreach (var (name, value) in a.Object(1))
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    /// <summary>The start is included, the end is not; a third argument is a seed of its own.</summary>
    private static JsonValue Random(Arguments a)
    {
        var (start, end) = ((int)a.Integer(0), (int)a.Integer(1));
        if (start >= end)
        {
            throw new FormatException($"Argument 1 ({start}) must be less than argument 2 ({end}).");
        }

        var chance = a.Count == 3 ? new Chance(new Random((int)a.Integer(2))) : a.Chance;
        return JsonValue.Create(chance.Next(start, end));
    }

#pragma warning disable CA5350, CA5351 // The states language offers these algorithms; nothing of ours relies on them.
    private static string Hash(string text, string algorithm)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(algorithm switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => throw new FormatException($"Argument 2 must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, not '{algorithm}'."),
        });
    }
#pragma warning restore CA5350, CA5351
}
