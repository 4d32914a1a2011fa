using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>One step of a path: a map entry by name, or a list element by index.</summary>
internal readonly record struct PathStep(string? Name, int? Index)
{
    public override string ToString() => Name ?? $"[{Index}]";
}

/// <summary>A place in an item.</summary>
internal sealed class DocumentPath(IReadOnlyList<PathStep> steps)
{
    internal IReadOnlyList<PathStep> Steps { get; } = steps;

    /// <summary>The attribute of the item that the path begins with.</summary>
    internal string Root => Steps[0].Name!;

    internal bool IsTopLevel => Steps.Count == 1;

    internal Value? Get(MapValue item)
    {
        Value? value = item;
        foreach (var step in Steps)
        {
            value = (value, step) switch
            {
                (MapValue map, { Name: { } name }) => map.Entries.GetValueOrDefault(name),
                (ListValue list, { Index: { } index }) => index < list.Elements.Count ? list.Elements[index] : null,
                _ => null,
            };
            if (value is null)
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>Sets the place; an index past the end appends.</summary>
    /// <exception cref="ServiceException">ValidationException when a step before the last is not there.</exception>
    internal void Set(MapValue item, Value value)
    {
        switch (Parent(item), Steps[^1])
        {
            case (MapValue map, { Name: { } name }):
                map.Entries[name] = value;
                break;
            case (ListValue list, { Index: { } index }) when index < list.Elements.Count:
                list.Elements[index] = value;
                break;
            case (ListValue list, { Index: not null }):
                list.Elements.Add(value);
                break;
            default:
                throw NoSuchPlace();
        }
    }

    /// <summary>Removes the place; one that is not there is already removed, but its parent must be there.</summary>
    internal void Remove(MapValue item)
    {
        switch (Parent(item), Steps[^1])
        {
            case (MapValue map, { Name: { } name }):
                map.Entries.Remove(name);
                break;
            case (ListValue list, { Index: { } index }):
                if (index < list.Elements.Count)
                {
                    list.Elements.RemoveAt(index);
                }

                break;
            default:
                throw NoSuchPlace();
        }
    }

    /// <summary>Whether one path is the other, or lies inside it.</summary>
    internal bool Overlaps(DocumentPath other)
    {
        for (var i = 0; i < Math.Min(Steps.Count, other.Steps.Count); i++)
        {
            if (Steps[i] != other.Steps[i])
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => $"[{string.Join(", ", Steps)}]";

    private Value? Parent(MapValue item) => IsTopLevel ? item : new DocumentPath([.. Steps.Take(Steps.Count - 1)]).Get(item);

    private static ServiceException NoSuchPlace() =>
        new("ValidationException", "The document path provided in the update expression is invalid for update");
}
