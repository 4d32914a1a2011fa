using System.Runtime.InteropServices;

namespace MySqlConnector.Native;

/// <summary><c>enum mysql_option</c>: those that are set.</summary>
internal enum ConnectOption
{
    ConnectTimeout = 0,
    CharsetName = 7,
    LocalInfile = 8,
    Protocol = 9,
    VerifyServerCertificate = 21,
    SslCa = 27,
    EnforceTls = 38,
    TlsVersion = 41,
    RestrictedAuthentication = 7026,
}

/// <summary><c>enum enum_field_types</c>.</summary>
internal enum FieldType
{
    Decimal = 0,
    Tiny = 1,
    Short = 2,
    Long = 3,
    Float = 4,
    Double = 5,
    Null = 6,
    Timestamp = 7,
    LongLong = 8,
    Int24 = 9,
    Date = 10,
    Time = 11,
    DateTime = 12,
    Year = 13,
    VarChar = 15,
    Bit = 16,
    Json = 245,
    NewDecimal = 246,
    Enum = 247,
    Set = 248,
    TinyBlob = 249,
    MediumBlob = 250,
    LongBlob = 251,
    Blob = 252,
    VarString = 253,
    String = 254,
    Geometry = 255,
}

/// <summary><c>MYSQL_BIND</c>: a parameter's value, or where a column's goes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Bind
{
    internal nuint* Length;
    internal byte* IsNull;
    internal void* Buffer;
    internal byte* Error;
    private readonly nint row, store, fetch, skip;
    internal nuint BufferLength;
    private readonly nuint offset, lengthValue;
    private readonly uint flags, packLength;
    internal FieldType Type;
    private readonly byte errorValue;
    internal byte IsUnsigned;
    private readonly byte longDataUsed, isNullValue;
    private readonly nint extension;
}

/// <summary><c>MYSQL_FIELD</c>: what the server says about a column.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FieldInfo
{
    internal readonly nint Name;
    private readonly nint originalName, table, originalTable, database, catalog, defaultValue;
    internal readonly nuint Length;
    private readonly nuint maxLength;
    internal readonly uint NameLength;
    private readonly uint originalNameLength, tableLength, originalTableLength, databaseLength, catalogLength, defaultLength;
    internal readonly uint Flags;
    private readonly uint decimals;
    internal readonly uint Charset;
    internal readonly FieldType Type;
    private readonly nint extension;
}

/// <summary><c>MYSQL_TIME</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeTime
{
    internal uint Year, Month, Day, Hour, Minute, Second;
    internal nuint Microseconds;
    internal byte Negative;
    internal int Kind;
}
