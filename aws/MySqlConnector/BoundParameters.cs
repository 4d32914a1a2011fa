using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>The values of parameters in the form the client library sends, for the time of one execution.</summary>
internal sealed unsafe class BoundParameters : IDisposable
{
    private readonly List<nint> memory = [];

    /// <exception cref="NotSupportedException">A value's type cannot be sent; names it.</exception>
    internal BoundParameters(IReadOnlyList<MySqlParameter> values)
    {
        Binds = (Bind*)Take(values.Count * sizeof(Bind));
        try
        {
            for (var i = 0; i < values.Count; i++)
            {
                Set(ref Binds[i], values[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal Bind* Binds { get; }

    public void Dispose()
    {
        foreach (var block in memory)
        {
            NativeMemory.Free((void*)block);
        }

        memory.Clear();
    }

    private void Set(ref Bind bind, MySqlParameter parameter)
    {
        switch (parameter.Value)
        {
            case null or DBNull:
                bind.Type = FieldType.Null;
                break;
            case bool value:
                Whole(ref bind, value ? 1 : 0);
                break;
            case sbyte or short or int or long:
                Whole(ref bind, Convert.ToInt64(parameter.Value, CultureInfo.InvariantCulture));
                break;
            case byte or ushort or uint or ulong:
                Whole(ref bind, (long)Convert.ToUInt64(parameter.Value, CultureInfo.InvariantCulture));
                bind.IsUnsigned = 1;
                break;
            case float value:
                Put(ref bind, FieldType.Float, value);
                break;
            case double value:
                Put(ref bind, FieldType.Double, value);
                break;
            case decimal value:
                Data(ref bind, FieldType.NewDecimal, Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
                break;
            case string value:
                Data(ref bind, FieldType.VarString, Encoding.UTF8.GetBytes(value));
                break;
            case char value:
                Data(ref bind, FieldType.VarString, Encoding.UTF8.GetBytes(value.ToString()));
                break;
            case Guid value:
                Data(ref bind, FieldType.VarString, Encoding.UTF8.GetBytes(value.ToString("D")));
                break;
            case byte[] value:
                Data(ref bind, FieldType.Blob, value);
                break;
            case ReadOnlyMemory<byte> value:
                Data(ref bind, FieldType.Blob, value.Span);
                break;
            case Memory<byte> value:
                Data(ref bind, FieldType.Blob, value.Span);
                break;
            case DateTime value:
                Put(ref bind, FieldType.DateTime, Times.Native(value));
                break;
            case DateTimeOffset value:
                Put(ref bind, FieldType.DateTime, Times.Native(value.UtcDateTime));
                break;
            case DateOnly value:
                Put(ref bind, FieldType.Date, Times.Native(value));
                break;
            case TimeSpan value:
                Put(ref bind, FieldType.Time, Times.Native(value));
                break;
            case TimeOnly value:
                Put(ref bind, FieldType.Time, Times.Native(value.ToTimeSpan()));
                break;
            default:
                throw new NotSupportedException($"The parameter '{parameter.ParameterName}' is a {parameter.Value.GetType()}, which cannot be sent.");
        }
    }

    private void Whole(ref Bind bind, long value) => Put(ref bind, FieldType.LongLong, value);

    private void Put<T>(ref Bind bind, FieldType type, T value)
        where T : unmanaged
    {
        var at = (T*)Take(sizeof(T));
        *at = value;
        bind.Type = type;
        bind.Buffer = at;
        bind.BufferLength = (nuint)sizeof(T);
    }

    private void Data(ref Bind bind, FieldType type, ReadOnlySpan<byte> value)
    {
        var at = Take(value.Length);
        value.CopyTo(new Span<byte>(at, value.Length));
        var length = (nuint*)Take(sizeof(nuint));
        *length = (nuint)value.Length;
        bind.Type = type;
        bind.Buffer = at;
        bind.BufferLength = *length;
        bind.Length = length;
    }

    private void* Take(int size)
    {
        var block = NativeMemory.AllocZeroed((nuint)Math.Max(size, 1));
        memory.Add((nint)block);
        return block;
    }
}
