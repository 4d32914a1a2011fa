using System.Text;

using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>A column of a result: how it is fetched, and the .NET type it becomes.</summary>
internal sealed record Column(string Name, FieldType Declared, bool Unsigned, bool Binary, uint Width, FieldType Bound, Type ClrType)
{
    private const uint UnsignedFlag = 32;
    private const uint BinaryCharset = 63;

    // Text of four bytes a character.
    private const uint WidestCharacter = 4, GuidCharacters = 36;

    /// <summary>Its values have no largest size: they are asked for when their length is known.</summary>
    internal bool IsLong => Bound is FieldType.Blob;

    internal static unsafe Column Of(in FieldInfo field)
    {
        var name = Encoding.UTF8.GetString((byte*)field.Name, (int)field.NameLength);
        var unsigned = (field.Flags & UnsignedFlag) != 0;
        var binary = field.Charset == BinaryCharset;
        var (bound, type) = Mapping(field, unsigned, binary);
        return new Column(name, field.Type, unsigned, binary, (uint)field.Length, bound, type);
    }

    internal object Read(Statement row, int at) => Bound switch
    {
        FieldType.LongLong => Whole(row.Value<long>(at)),
        FieldType.Float => row.Value<float>(at),
        FieldType.Double => row.Value<double>(at),
        FieldType.NewDecimal => Decimal(row.Fixed(at)),
        FieldType.DateTime => Times.ToDateTime(row.Value<NativeTime>(at)),
        FieldType.Time => Times.ToTimeSpan(row.Value<NativeTime>(at)),
        _ when Declared == FieldType.Bit => Bits(row.Bytes(at)),
        _ when ClrType == typeof(byte[]) => row.Bytes(at),
        _ => Text(Encoding.UTF8.GetString(row.Bytes(at))),
    };

    private static (FieldType Bound, Type Type) Mapping(in FieldInfo field, bool unsigned, bool binary) => field.Type switch
    {
        FieldType.Tiny when field.Length == 1 && !unsigned => (FieldType.LongLong, typeof(bool)),
        FieldType.Tiny => (FieldType.LongLong, unsigned ? typeof(byte) : typeof(sbyte)),
        FieldType.Short => (FieldType.LongLong, unsigned ? typeof(ushort) : typeof(short)),
        FieldType.Year => (FieldType.LongLong, typeof(int)),
        FieldType.Long or FieldType.Int24 => (FieldType.LongLong, unsigned ? typeof(uint) : typeof(int)),
        FieldType.LongLong => (FieldType.LongLong, unsigned ? typeof(ulong) : typeof(long)),
        FieldType.Float => (FieldType.Float, typeof(float)),
        FieldType.Double => (FieldType.Double, typeof(double)),
        FieldType.Decimal or FieldType.NewDecimal => (FieldType.NewDecimal, typeof(decimal)),
        FieldType.Date or FieldType.DateTime or FieldType.Timestamp => (FieldType.DateTime, typeof(DateTime)),
        FieldType.Time => (FieldType.Time, typeof(TimeSpan)),
        FieldType.Bit => (FieldType.Blob, typeof(ulong)),
        FieldType.String when !binary && field.Length == GuidCharacters * WidestCharacter => (FieldType.Blob, typeof(Guid)),
        _ => (FieldType.Blob, binary && field.Type is not (FieldType.Json or FieldType.Null) ? typeof(byte[]) : typeof(string)),
    };

    private static decimal Decimal(ReadOnlySpan<byte> text) => decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new OverflowException($"{Encoding.UTF8.GetString(text)} does not fit a decimal; select it as text.");

    private static ulong Bits(byte[] bytes) => bytes.Aggregate(0UL, (bits, b) => (bits << 8) | b);

    private object Text(string text) => ClrType == typeof(Guid) && Guid.TryParseExact(text, "D", out var guid) ? guid : text;

    private object Whole(long value) => Declared switch
    {
        _ when ClrType == typeof(bool) => value != 0,
        _ when ClrType == typeof(ulong) => (ulong)value,
        _ when ClrType == typeof(uint) => (uint)value,
        _ when ClrType == typeof(int) => (int)value,
        _ when ClrType == typeof(ushort) => (ushort)value,
        _ when ClrType == typeof(short) => (short)value,
        _ when ClrType == typeof(byte) => (byte)value,
        _ when ClrType == typeof(sbyte) => (sbyte)value,
        _ => value,
    };
}
