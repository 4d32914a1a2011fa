using System.Collections;
using System.Data.Common;
using System.Globalization;

namespace MySqlConnector;

/// <summary>Rows as they come from the server: only the current one is in memory.</summary>
public sealed class MySqlDataReader : DbDataReader
{
    private readonly MySqlConnection connection;
    private readonly CancellationTokenSource cancel;
    private readonly int timeout;
    private readonly bool closesConnection;
    private Statement? statement;
    private Position position = Position.Before;
    private bool ahead, seen;

    internal MySqlDataReader(MySqlConnection connection, Statement statement, int timeout, bool closesConnection, CancellationTokenSource cancel)
    {
        (this.connection, this.statement, this.timeout, this.closesConnection, this.cancel) = (connection, statement, timeout, closesConnection, cancel);
        RecordsAffected = statement.RowsAffected;
        if (statement.Columns.Count == 0)
        {
            position = Position.After;
        }
    }

    private enum Position
    {
        Before,
        On,
        After,
    }

    public override int Depth => 0;

    public override int FieldCount => Open.Columns.Count;

    /// <summary>Whether there is a row; asked before the first, it is fetched.</summary>
    public override bool HasRows
    {
        get
        {
            if (position == Position.Before && !ahead)
            {
                ahead = Fetch(CancellationToken.None).GetAwaiter().GetResult();
                position = ahead ? Position.Before : Position.After;
            }

            return seen || ahead;
        }
    }

    public override bool IsClosed => statement is null;

    public override int RecordsAffected { get; }

    private Statement Open => statement ?? throw new InvalidOperationException("The data reader is closed.");

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => ReadAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (position == Position.After)
        {
            return false;
        }

        if (!ahead && !await Fetch(cancellationToken).ConfigureAwait(false))
        {
            position = Position.After;
            return false;
        }

        ahead = false;
        seen = true;
        position = Position.On;
        return true;
    }

    public override bool NextResult() => NextResultAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <exception cref="NotSupportedException">There is one.</exception>
    public override async Task<bool> NextResultAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // What was not read is passed over.
        }

        var open = Open;
        return open.Columns.Count > 0 && await connection.Bounded(_ => open.MoreRows(), timeout, cancellationToken).ConfigureAwait(false)
            ? throw new NotSupportedException("More than one result with rows is not supported.")
            : false;
    }

    public override void Close() => CloseAsync().GetAwaiter().GetResult();

    public override async Task CloseAsync()
    {
        if (statement is not { } open)
        {
            return;
        }

        statement = null;
        connection.ActiveReader = null;
        cancel.Dispose();

        // Rows that nobody fetched are read off the connection here.
        await Task.Run(open.Dispose).ConfigureAwait(false);
        if (closesConnection)
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    public override bool IsDBNull(int ordinal) => Row(ordinal).IsNull(ordinal);

    public override object GetValue(int ordinal)
    {
        var row = Row(ordinal);
        return row.IsNull(ordinal) ? DBNull.Value : row.Columns[ordinal].Read(row, ordinal);
    }

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override string GetName(int ordinal) => Open.Columns[ordinal].Name;

    public override int GetOrdinal(string name)
    {
        var columns = Open.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (string.Equals(columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new IndexOutOfRangeException($"The result has no column '{name}'.");
    }

    public override string GetDataTypeName(int ordinal) => Open.Columns[ordinal].Declared.ToString().ToUpperInvariant();

    public override Type GetFieldType(int ordinal) => Open.Columns[ordinal].ClrType;

    public override bool GetBoolean(int ordinal) => Converted(ordinal, Convert.ToBoolean);

    public override byte GetByte(int ordinal) => Converted(ordinal, Convert.ToByte);

    public override short GetInt16(int ordinal) => Converted(ordinal, Convert.ToInt16);

    public override int GetInt32(int ordinal) => Converted(ordinal, Convert.ToInt32);

    public override long GetInt64(int ordinal) => Converted(ordinal, Convert.ToInt64);

    public ulong GetUInt64(int ordinal) => Converted(ordinal, Convert.ToUInt64);

    public override float GetFloat(int ordinal) => Converted(ordinal, Convert.ToSingle);

    public override double GetDouble(int ordinal) => Converted(ordinal, Convert.ToDouble);

    public override decimal GetDecimal(int ordinal) => Converted(ordinal, Convert.ToDecimal);

    public override DateTime GetDateTime(int ordinal) => (DateTime)Present(ordinal);

    public TimeSpan GetTimeSpan(int ordinal) => (TimeSpan)Present(ordinal);

    public override string GetString(int ordinal) => Present(ordinal) switch
    {
        string text => text,
        Guid guid => guid.ToString("D"),
        var other => throw new InvalidCastException($"Column '{GetName(ordinal)}' is a {other.GetType().Name}, and no text."),
    };

    public override char GetChar(int ordinal) => GetString(ordinal)[0];

    public override Guid GetGuid(int ordinal) => Present(ordinal) is Guid guid ? guid : Guid.Parse(GetString(ordinal), CultureInfo.InvariantCulture);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        Part((byte[])Present(ordinal), dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        Part(GetString(ordinal).ToCharArray(), dataOffset, buffer, bufferOffset, length);

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) == typeof(DateOnly))
        {
            return (T)(object)DateOnly.FromDateTime(GetDateTime(ordinal));
        }

        var value = GetValue(ordinal);
        return value is T same ? same : (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture);
    }

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    /// <summary>The connection closes: nothing can be read any more.</summary>
    internal void Abandon()
    {
        statement?.Dispose();
        statement = null;
        connection.ActiveReader = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }
    }

    private static long Part<T>(T[] all, long from, T[]? buffer, int at, int length)
    {
        if (buffer is null)
        {
            return all.Length;
        }

        var count = (int)Math.Max(0, Math.Min(length, all.Length - from));
        Array.Copy(all, from, buffer, at, count);
        return count;
    }

    private async Task<bool> Fetch(CancellationToken stop)
    {
        var open = Open;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel.Token);
        return await connection.Bounded(_ => open.Fetch(), timeout, either.Token).ConfigureAwait(false);
    }

    private Statement Row(int ordinal)
    {
        var open = Open;
        return position != Position.On || ahead ? throw new InvalidOperationException("There is no current row; call Read first.")
            : ordinal >= 0 && ordinal < open.Columns.Count ? open
            : throw new IndexOutOfRangeException($"The result has {open.Columns.Count} columns; there is none with number {ordinal}.");
    }

    private object Present(int ordinal) =>
        GetValue(ordinal) is var value && value != DBNull.Value ? value : throw new InvalidCastException($"Column '{GetName(ordinal)}' is null.");

    private T Converted<T>(int ordinal, Func<object, IFormatProvider?, T> convert) => convert(Present(ordinal), CultureInfo.InvariantCulture);
}
