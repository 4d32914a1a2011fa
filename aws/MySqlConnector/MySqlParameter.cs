using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace MySqlConnector;

/// <summary>A value for a placeholder: <c>@name</c>, or <c>?</c> in the order of the parameters. Its type is that of its value.</summary>
public sealed class MySqlParameter : DbParameter
{
    public MySqlParameter()
    {
    }

    public MySqlParameter(string parameterName, object? value) => (ParameterName, Value) = (parameterName, value);

    /// <summary>Kept, and not needed: the value says its type.</summary>
    public override DbType DbType { get; set; }

    public override ParameterDirection Direction
    {
        get => ParameterDirection.Input;
        set
        {
            if (value != ParameterDirection.Input)
            {
                throw new NotSupportedException($"Parameters of direction {value} are not supported.");
            }
        }
    }

    public override bool IsNullable { get; set; }

    [AllowNull]
    public override string ParameterName { get; set; } = "";

    public override int Size { get; set; }

    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    public override bool SourceColumnNullMapping { get; set; }

    public override object? Value { get; set; }

    internal string BareName => ParameterName.TrimStart('@', '?');

    public override void ResetDbType() => DbType = default;
}
