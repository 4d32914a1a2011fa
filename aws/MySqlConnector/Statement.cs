using System.Runtime.InteropServices;
using System.Text;

using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>A prepared statement that was executed, and its rows, which stay at the server until they are fetched. Its calls block.</summary>
internal sealed unsafe class Statement : IDisposable
{
    private const int FixedSize = 128;
    private nint handle;
    private Bind* binds;
    private byte* buffers;
    private readonly Session session;

    private Statement(Session session) => this.session = session;

    internal IReadOnlyList<Column> Columns { get; private set; } = [];

    internal int RowsAffected { get; private set; } = -1;

    internal long LastInsertedId { get; private set; }

    internal static Statement Execute(Session session, string sql, IReadOnlyList<MySqlParameter> values)
    {
        var statement = new Statement(session);
        try
        {
            statement.Execute(sql, values);
            return statement;
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    /// <summary>Fetches the next row; its values must be read before the next.</summary>
    internal bool Fetch()
    {
        var result = LibMariaDb.mysql_stmt_fetch(handle);
        GC.KeepAlive(session);
        return result switch
        {
            0 or LibMariaDb.DataTruncated => true,
            LibMariaDb.NoData => false,
            _ => throw MySqlException.OfStatement(handle, session.Mysql),
        };
    }

    /// <summary>Whether another result with rows follows, after the last row.</summary>
    internal bool MoreRows()
    {
        int result;
        while ((result = LibMariaDb.mysql_stmt_next_result(handle)) == 0)
        {
            if (LibMariaDb.mysql_stmt_field_count(handle) > 0)
            {
                return true;
            }
        }

        return result > 0 ? throw MySqlException.OfStatement(handle, session.Mysql) : false;
    }

    internal bool IsNull(int column) => *binds[column].IsNull != 0;

    internal ReadOnlySpan<byte> Fixed(int column) => new(binds[column].Buffer, (int)Math.Min(FixedSize, *binds[column].Length));

    internal T Value<T>(int column)
        where T : unmanaged => *(T*)binds[column].Buffer;

    /// <summary>The bytes of a text or binary value, whatever its length.</summary>
    internal byte[] Bytes(int column)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)*binds[column].Length));
        fixed (byte* at = bytes)
        {
            nuint length;
            byte isNull, error;
            byte none;
            var bind = new Bind { Buffer = at is null ? &none : at, BufferLength = (nuint)bytes.Length, Length = &length, IsNull = &isNull, Error = &error, Type = FieldType.Blob };
            if (LibMariaDb.mysql_stmt_fetch_column(handle, &bind, (uint)column, 0) != 0)
            {
                throw MySqlException.OfStatement(handle, session.Mysql);
            }
        }

        return bytes;
    }

    /// <summary>Closes it at the server; rows that were not fetched are read off the connection first.</summary>
    public void Dispose()
    {
        if (handle != 0)
        {
            _ = LibMariaDb.mysql_stmt_close(handle);
            handle = 0;
        }

        NativeMemory.Free(binds);
        NativeMemory.Free(buffers);
        binds = null;
        buffers = null;
    }

    private void Execute(string sql, IReadOnlyList<MySqlParameter> values)
    {
        handle = LibMariaDb.mysql_stmt_init(session.Mysql);
        if (handle == 0)
        {
            throw MySqlException.OfConnection(session.Mysql);
        }

        var text = Encoding.UTF8.GetBytes(sql);
        fixed (byte* at = text)
        {
            if (LibMariaDb.mysql_stmt_prepare(handle, at, (nuint)text.Length) != 0)
            {
                var error = MySqlException.OfStatement(handle, session.Mysql);
                if (error.ErrorCode == MySqlErrorCode.UnsupportedPreparedStatement && values.Count == 0)
                {
                    RowsAffected = Affected(session.Run(sql));
                    return;
                }

                throw error;
            }
        }

        using (var parameters = new BoundParameters(values))
        {
            if ((int)LibMariaDb.mysql_stmt_param_count(handle) != values.Count)
            {
                throw new ArgumentException($"The statement has {LibMariaDb.mysql_stmt_param_count(handle)} placeholders and {values.Count} values.");
            }

            if (values.Count > 0 && LibMariaDb.mysql_stmt_bind_param(handle, parameters.Binds) != 0 || LibMariaDb.mysql_stmt_execute(handle) != 0)
            {
                throw MySqlException.OfStatement(handle, session.Mysql);
            }
        }

        if (LibMariaDb.mysql_stmt_field_count(handle) > 0)
        {
            BindColumns();
        }
        else
        {
            RowsAffected = Affected(LibMariaDb.mysql_stmt_affected_rows(handle));
            LastInsertedId = (long)LibMariaDb.mysql_stmt_insert_id(handle);
        }
    }

    private static int Affected(ulong rows) => rows > int.MaxValue ? -1 : (int)rows;

    private void BindColumns()
    {
        var metadata = LibMariaDb.mysql_stmt_result_metadata(handle);
        if (metadata == 0)
        {
            throw MySqlException.OfStatement(handle, session.Mysql);
        }

        var count = (int)LibMariaDb.mysql_stmt_field_count(handle);
        var fields = LibMariaDb.mysql_fetch_fields(metadata);
        var columns = new Column[count];

        // For each column: its fixed-size value, its length, whether it is null, whether it was cut.
        const int lengthAt = FixedSize, nullAt = FixedSize + 8, errorAt = FixedSize + 9, stride = FixedSize + 16;
        binds = (Bind*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Bind));
        buffers = (byte*)NativeMemory.AllocZeroed((nuint)count, stride);
        for (var i = 0; i < count; i++)
        {
            columns[i] = Column.Of(fields[i]);
            var at = buffers + (i * stride);
            binds[i].Buffer = at;
            binds[i].BufferLength = columns[i].IsLong ? 0u : FixedSize;
            binds[i].Length = (nuint*)(at + lengthAt);
            binds[i].IsNull = at + nullAt;
            binds[i].Error = at + errorAt;
            binds[i].Type = columns[i].Bound;
            binds[i].IsUnsigned = columns[i].Unsigned ? (byte)1 : (byte)0;
        }

        LibMariaDb.mysql_free_result(metadata);
        Columns = columns;
        if (LibMariaDb.mysql_stmt_bind_result(handle, binds) != 0)
        {
            throw MySqlException.OfStatement(handle, session.Mysql);
        }
    }
}
