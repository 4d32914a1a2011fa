using System.Globalization;
using System.Text.Json;

namespace Dbre.Lab.Services.Events.Patterns;

/// <summary>One entry of a pattern's list: a value to equal, or an operator. An operator that EventBridge does not document is refused by name.</summary>
internal sealed class ValueTest
{
    private const string Known = "prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists and cidr";

    private readonly Func<JsonElement, bool> leaf;
    private readonly bool whenAbsent;

    private ValueTest(Func<JsonElement, bool> leaf, bool whenAbsent = false) => (this.leaf, this.whenAbsent) = (leaf, whenAbsent);

    internal static ValueTest Read(JsonElement json, string where) => json.ValueKind switch
    {
        JsonValueKind.Object => Operator(json, where),
        JsonValueKind.Array => throw new FormatException($"the list of {where} holds a list; it may hold values and operators"),
        _ => new ValueTest(Equal(json)),
    };

    /// <param name="value">Null where the event lacks the field. Of a list one element must hold; only leaves count, so an object is as good as absent.</param>
    internal bool Holds(JsonElement? value)
    {
        var leaves = Leaves(value).ToList();
        return leaves.Count == 0 ? whenAbsent : leaves.Exists(v => leaf(v));
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Object } => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().SelectMany(v => Leaves(v)),
        { } one => [one],
    };

    private static ValueTest Operator(JsonElement json, string where)
    {
        var entries = json.EnumerateObject().ToList();
        if (entries is not [var operation])
        {
            throw new FormatException($"an operator of {where} has {entries.Count} names; it must have exactly one of {Known}");
        }

        var (name, operand) = (operation.Name, operation.Value);
        return name switch
        {
            "exists" when operand.ValueKind is JsonValueKind.True => new ValueTest(_ => true),
            "exists" when operand.ValueKind is JsonValueKind.False => new ValueTest(_ => false, whenAbsent: true),
            "exists" => throw new FormatException($"exists in {where} must be true or false"),
            "numeric" => new ValueTest(NumericRange.Read(operand, where).Contains),
            "cidr" => new ValueTest(AddressBlock(operand, where)),
            "anything-but" => new ValueTest(AnythingBut(operand, where)),
            _ => new ValueTest(OfText(TextTest.Read(name, operand, where) ?? throw new FormatException($"the operator '{name}' in {where} is not known; known are {Known}"))),
        };
    }

    private static Func<JsonElement, bool> AnythingBut(JsonElement operand, string where)
    {
        if (operand.ValueKind != JsonValueKind.Object)
        {
            var excluded = Items(operand, $"anything-but in {where}").Select(v => v.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? Equal(v)
                : throw new FormatException($"anything-but in {where} takes strings and numbers")).ToList();
            return value => excluded.TrueForAll(e => !e(value));
        }

        var entries = operand.EnumerateObject().ToList();
        if (entries is not [{ Name: "prefix" or "suffix" or "equals-ignore-case" or "wildcard" } operation])
        {
            throw new FormatException($"anything-but in {where} takes values or exactly one of prefix, suffix, equals-ignore-case and wildcard");
        }

        var texts = Items(operation.Value, $"anything-but {operation.Name} in {where}").Select(v => OfText(TextTest.Read(operation.Name, v, where)!)).ToList();
        return value => value.ValueKind == JsonValueKind.String && texts.TrueForAll(t => !t(value));
    }

    private static List<JsonElement> Items(JsonElement operand, string where) => operand.ValueKind != JsonValueKind.Array ? [operand]
        : operand.GetArrayLength() > 0 ? [.. operand.EnumerateArray()]
        : throw new FormatException($"{where} is an empty list");

    private static Func<JsonElement, bool> OfText(Predicate<string> test) => value => value.ValueKind == JsonValueKind.String && test(value.GetString()!);

    /// <summary>Numbers are equal as they are written: 300, 300.0 and 3.0e2 are three (EventBridge User Guide, "Numeric matching" of event patterns).</summary>
    private static Func<JsonElement, bool> Equal(JsonElement expected)
    {
        var (kind, text) = (expected.ValueKind, Text(expected));
        return value => value.ValueKind == kind && Text(value) == text;
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static Func<JsonElement, bool> AddressBlock(JsonElement operand, string where)
    {
        var text = operand.ValueKind == JsonValueKind.String ? operand.GetString()! : operand.GetRawText();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !System.Net.IPAddress.TryParse(text[..slash], out var address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits > address.GetAddressBytes().Length * 8)
        {
            throw new FormatException($"cidr in {where} is '{text}'; it must be an address block such as 10.0.0.0/24");
        }

        var network = address.GetAddressBytes();
        return OfText(candidate => System.Net.IPAddress.TryParse(candidate, out var given) && given.GetAddressBytes() is { } bytes
            && bytes.Length == network.Length && SamePrefix(bytes, network, bits));
    }

    private static bool SamePrefix(byte[] one, byte[] other, int bits)
    {
        for (var bit = 0; bit < bits; bit++)
        {
            if (((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
