using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>The right side of a SET, computed from the item as it was.</summary>
internal abstract record UpdateValue
{
    internal abstract Value Of(MapValue item);

    protected static ServiceException WrongType() =>
        new("ValidationException", "An operand in the update expression has an incorrect data type");
}

internal sealed record ConstantUpdate(Value Value) : UpdateValue
{
    internal override Value Of(MapValue item) => Value.Copy();
}

internal sealed record PathUpdate(DocumentPath Path) : UpdateValue
{
    internal override Value Of(MapValue item) => Path.Get(item)?.Copy()
        ?? throw new ServiceException("ValidationException", "The provided expression refers to an attribute that does not exist in the item");
}

internal sealed record IfNotExistsUpdate(DocumentPath Path, UpdateValue Otherwise) : UpdateValue
{
    internal override Value Of(MapValue item) => Path.Get(item)?.Copy() ?? Otherwise.Of(item);
}

internal sealed record ListAppendUpdate(UpdateValue First, UpdateValue Second) : UpdateValue
{
    internal override Value Of(MapValue item) => First.Of(item) is ListValue first && Second.Of(item) is ListValue second
        ? new ListValue([.. first.Elements, .. second.Elements])
        : throw WrongType();
}

internal sealed record SumUpdate(UpdateValue Left, bool Minus, UpdateValue Right) : UpdateValue
{
    internal override Value Of(MapValue item) => Left.Of(item) is NumberValue left && Right.Of(item) is NumberValue right
        ? new NumberValue(Minus ? left.Number - right.Number : left.Number + right.Number)
        : throw WrongType();
}
