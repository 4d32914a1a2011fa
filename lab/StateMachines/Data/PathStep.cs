using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>One step of a path: from a value to those it selects. JSON null is a value too, so a step adds it like any other.</summary>
internal abstract record PathStep
{
    internal abstract void Select(JsonNode? from, List<JsonNode?> into);

    private protected static IEnumerable<JsonNode?> Children(JsonNode? value) => value switch
    {
        JsonArray list => list,
        JsonObject inside => inside.Select(m => m.Value),
        _ => [],
    };
}

/// <summary><c>.name</c> or <c>['name']</c>.</summary>
internal sealed record NameStep(string Name) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into)
    {
        if (from is JsonObject inside && inside.TryGetPropertyValue(Name, out var member))
        {
            into.Add(member);
        }
    }
}

/// <summary><c>[0]</c>; negative counts from the end.</summary>
internal sealed record IndexStep(int Index) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into)
    {
        if (from is JsonArray list && (Index < 0 ? list.Count + Index : Index) is var place && place >= 0 && place < list.Count)
        {
            into.Add(list[place]);
        }
    }
}

/// <summary><c>['a','b']</c> or <c>[0,2]</c>.</summary>
internal sealed record UnionStep(IReadOnlyList<PathStep> Parts) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into)
    {
        foreach (var part in Parts)
        {
            part.Select(from, into);
        }
    }
}

/// <summary><c>.*</c> or <c>[*]</c>.</summary>
internal sealed record EveryStep : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into) => into.AddRange(Children(from));
}

/// <summary><c>..</c> before a step: the step at this value and at every one inside it.</summary>
internal sealed record DeepStep(PathStep Then) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into)
    {
        Then.Select(from, into);
        foreach (var child in Children(from))
        {
            Select(child, into);
        }
    }
}

/// <summary><c>[start:end:step]</c>, as in Python with a positive step.</summary>
internal sealed record SliceStep(int? Start, int? End, int Stride) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into)
    {
        if (from is not JsonArray list)
        {
            return;
        }

        var end = Bound(End ?? list.Count, list.Count);
        for (var i = Bound(Start ?? 0, list.Count); i < end; i += Stride)
        {
            into.Add(list[i]);
        }
    }

    private static int Bound(int index, int count) => Math.Clamp(index < 0 ? count + index : index, 0, count);
}

/// <summary><c>[?(…)]</c>: the items for which the condition holds.</summary>
internal sealed record FilterStep(PathCondition Condition) : PathStep
{
    internal override void Select(JsonNode? from, List<JsonNode?> into) => into.AddRange(Children(from).Where(Condition.Holds));
}
