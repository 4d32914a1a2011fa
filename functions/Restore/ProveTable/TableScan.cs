using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Restore;

/// <summary>
/// Reads every item of a table, in segments side by side. The checksum is the sum, without carry over 128 bits, of the first half of each item's
/// SHA-256 in one form (attributes by name, sets in order), so that it depends on neither order nor segments.
/// </summary>
internal sealed class TableScan(IAmazonDynamoDB dynamo, string table)
{
    // A page is at most 1 MB, so this bounds the memory too.
    private const int Segments = 4;

    /// <param name="name">Under which the result stands.</param>
    /// <param name="stop">Ends it in between pages.</param>
    public async Task<TableMeasurement> Measure(string name, CancellationToken stop)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, Segments).Select(segment => Segment(segment, stop))).ConfigureAwait(false);
        var sum = parts.Aggregate(UInt128.Zero, (all, part) => unchecked(all + part.Sum));
        return new TableMeasurement(name, parts.Sum(part => part.Items), sum.ToString("x32", CultureInfo.InvariantCulture));
    }

    private async Task<(long Items, UInt128 Sum)> Segment(int segment, CancellationToken stop)
    {
        var (items, sum, buffer) = (0L, UInt128.Zero, new ArrayBufferWriter<byte>());
        Dictionary<string, AttributeValue>? last = null;
        do
        {
            var page = await dynamo.ScanAsync(
                new ScanRequest { TableName = table, ConsistentRead = true, Segment = segment, TotalSegments = Segments, ExclusiveStartKey = last }, stop).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                sum = unchecked(sum + Hash(item, buffer));
                items++;
            }

            last = page.LastEvaluatedKey;
        }
        while (last is { Count: > 0 });
        return (items, sum);
    }

    internal static UInt128 Hash(Dictionary<string, AttributeValue> item, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, item);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static void Write(Utf8JsonWriter json, Dictionary<string, AttributeValue> map)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    // In DynamoDB's own form: the type's letter, then the value.
    private static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case { S: { } text }:
                json.WriteString("S", text);
                break;
            case { N: { } number }:
                json.WriteString("N", number);
                break;
            case { B: { } bytes }:
                json.WriteBase64String("B", bytes.ToArray());
                break;
            case { BOOL: { } flag }:
                json.WriteBoolean("BOOL", flag);
                break;
            case { NULL: true }:
                json.WriteBoolean("NULL", true);
                break;
            case { M: { } map }:
                json.WritePropertyName("M");
                Write(json, map);
                break;
            case { L: { } list }:
                json.WriteStartArray("L");
                list.ForEach(element => Write(json, element));
                json.WriteEndArray();
                break;
            case { SS: { Count: > 0 } texts }:
                Write(json, "SS", texts);
                break;
            case { NS: { Count: > 0 } numbers }:
                Write(json, "NS", numbers);
                break;
            case { BS: { Count: > 0 } binaries }:
                Write(json, "BS", binaries.Select(b => Convert.ToBase64String(b.ToArray())));
                break;
            default:
                throw new InvalidOperationException("An attribute is of none of DynamoDB's types, so its item cannot be compared.");
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string type, IEnumerable<string> set)
    {
        json.WriteStartArray(type);
        foreach (var element in set.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(element);
        }

        json.WriteEndArray();
    }
}
