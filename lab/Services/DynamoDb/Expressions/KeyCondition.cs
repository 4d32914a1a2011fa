using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>What a Query asks for: one partition, and a range of its sort keys.</summary>
/// <param name="Low">The least sort key, inclusive; null from the beginning.</param>
/// <param name="High">The greatest, inclusive; null to the end.</param>
/// <param name="Prefix">True when the range is every key that begins with <paramref name="Low"/>.</param>
/// <param name="Sort">The exact condition on the sort key; the range only narrows the search.</param>
internal sealed record KeyCondition(Value Partition, Value? Low, Value? High, bool Prefix, Condition? Sort)
{
    private const string Kind = "KeyConditionExpression";

    /// <exception cref="ServiceException">ValidationException when the expression is not a partition key equality with at most one sort key range.</exception>
    internal static KeyCondition Parse(string expression, Placeholders placeholders, KeySchema schema)
    {
        var parts = new List<Condition>();
        Flatten(ConditionParser.Parse(expression, Kind, placeholders), parts);
        var byName = new Dictionary<string, Condition>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (!byName.TryAdd(KeyOf(part), part))
            {
                throw Invalid("KeyConditionExpressions must only contain one condition per key");
            }
        }

        if (!byName.Remove(schema.Partition.Name, out var partition))
        {
            throw new ServiceException("ValidationException", $"Query condition missed key schema element: {schema.Partition.Name}");
        }

        if (partition is not Comparison { Operator: "=", Right: ConstantOperand { Value: var value } })
        {
            throw new ServiceException("ValidationException", "Query key condition not supported");
        }

        schema.Partition.Require(value, "One or more parameter values were invalid: Condition parameter type does not match schema type");
        if (byName.Count == 0)
        {
            return new KeyCondition(value, null, null, false, null);
        }

        if (schema.Sort is not { } sort || !byName.Remove(sort.Name, out var range))
        {
            throw new ServiceException("ValidationException", $"Query condition missed key schema element: {schema.Sort?.Name ?? schema.Partition.Name}");
        }

        return byName.Count == 0 ? Range(value, sort, range) : throw new ServiceException("ValidationException", "Query key condition not supported");
    }

    private static KeyCondition Range(Value partition, KeyAttribute sort, Condition range)
    {
        var (low, high, prefix) = range switch
        {
            Comparison { Operator: "=", Right: ConstantOperand { Value: var v } } => (v, v, false),
            Comparison { Operator: "<" or "<=", Right: ConstantOperand { Value: var v } } => (null, v, false),
            Comparison { Operator: ">" or ">=", Right: ConstantOperand { Value: var v } } => (v, null, false),
            BetweenCondition { Low: ConstantOperand { Value: var from }, High: ConstantOperand { Value: var to } } => (from, to, false),
            BeginsWithCondition { Prefix: ConstantOperand { Value: var v } } => ((Value?)v, (Value?)null, true),
            _ => throw new ServiceException("ValidationException", "Query key condition not supported"),
        };
        const string Mismatch = "One or more parameter values were invalid: Condition parameter type does not match schema type";
        foreach (var bound in new[] { low, high })
        {
            if (bound is not null)
            {
                sort.Require(bound, Mismatch);
            }
        }

        return new KeyCondition(partition, low, high, prefix, range);
    }

    private static void Flatten(Condition condition, List<Condition> parts)
    {
        if (condition is AndCondition and)
        {
            Flatten(and.Left, parts);
            Flatten(and.Right, parts);
        }
        else
        {
            parts.Add(condition);
        }
    }

    private static string KeyOf(Condition condition)
    {
        var operand = condition switch
        {
            Comparison { Operator: not "<>" } c => c.Left,
            BetweenCondition b => b.Operand,
            BeginsWithCondition w => w.Operand,
            _ => throw Invalid($"Invalid operator used in KeyConditionExpression: {Name(condition)}"),
        };
        return operand is PathOperand { Path: { IsTopLevel: true, Root: var name } }
            ? name
            : throw Invalid("KeyConditionExpressions must have key attributes on the left of each condition");
    }

    private static string Name(Condition condition) => condition switch
    {
        OrCondition => "OR",
        NotCondition { Inner: ExistsCondition } => "attribute_not_exists",
        NotCondition => "NOT",
        InCondition => "IN",
        ContainsCondition => "contains",
        ExistsCondition => "attribute_exists",
        TypeCondition => "attribute_type",
        _ => "<>",
    };

    private static ServiceException Invalid(string message) => new("ValidationException", $"Invalid {Kind}: {message}");
}
