using System.Collections;
using System.Data.Common;

namespace MySqlConnector;

/// <summary>The parameters of a command. Names are compared without regard to case, and with or without the <c>@</c>.</summary>
public sealed class MySqlParameterCollection : DbParameterCollection
{
    private readonly List<MySqlParameter> parameters = [];

    internal MySqlParameterCollection()
    {
    }

    public override int Count => parameters.Count;

    public override object SyncRoot => parameters;

    public new MySqlParameter this[int index] { get => parameters[index]; set => parameters[index] = value; }

    public new MySqlParameter this[string name] { get => parameters[Existing(name)]; set => parameters[Existing(name)] = value; }

    public MySqlParameter Add(MySqlParameter parameter)
    {
        parameters.Add(parameter);
        return parameter;
    }

    public MySqlParameter AddWithValue(string parameterName, object? value) => Add(new MySqlParameter(parameterName, value));

    public override int Add(object value)
    {
        Add((MySqlParameter)value);
        return Count - 1;
    }

    public override void AddRange(Array values) => parameters.AddRange(values.Cast<MySqlParameter>());

    public override void Clear() => parameters.Clear();

    public override bool Contains(object value) => parameters.Contains((MySqlParameter)value);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)parameters).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => parameters.GetEnumerator();

    public override int IndexOf(object value) => parameters.IndexOf((MySqlParameter)value);

    public override int IndexOf(string parameterName) =>
        parameters.FindIndex(p => string.Equals(p.BareName, parameterName.TrimStart('@', '?'), StringComparison.OrdinalIgnoreCase));

    public override void Insert(int index, object value) => parameters.Insert(index, (MySqlParameter)value);

    public override void Remove(object value) => parameters.Remove((MySqlParameter)value);

    public override void RemoveAt(int index) => parameters.RemoveAt(index);

    public override void RemoveAt(string parameterName) => parameters.RemoveAt(Existing(parameterName));

    protected override DbParameter GetParameter(int index) => parameters[index];

    protected override DbParameter GetParameter(string parameterName) => this[parameterName];

    protected override void SetParameter(int index, DbParameter value) => parameters[index] = (MySqlParameter)value;

    protected override void SetParameter(string parameterName, DbParameter value) => this[parameterName] = (MySqlParameter)value;

    private int Existing(string name) => IndexOf(name) is >= 0 and var index ? index : throw new ArgumentException($"There is no parameter '{name}'.", nameof(name));
}
