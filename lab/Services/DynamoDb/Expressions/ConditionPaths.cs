namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>The paths that a condition looks at.</summary>
internal static class ConditionPaths
{
    internal static IEnumerable<DocumentPath> Of(Condition condition) => condition switch
    {
        AndCondition c => [.. Of(c.Left), .. Of(c.Right)],
        OrCondition c => [.. Of(c.Left), .. Of(c.Right)],
        NotCondition c => Of(c.Inner),
        Comparison c => Of([c.Left, c.Right]),
        BetweenCondition c => Of([c.Operand, c.Low, c.High]),
        InCondition c => Of([c.Operand, .. c.Choices]),
        ExistsCondition c => [c.Path],
        TypeCondition c => [c.Path],
        BeginsWithCondition c => Of([c.Operand, c.Prefix]),
        ContainsCondition c => Of([c.Container, c.Element]),
        _ => throw new InvalidOperationException($"No paths are known for {condition.GetType().Name}."),
    };

    private static IEnumerable<DocumentPath> Of(IEnumerable<Operand> operands) => operands
        .Select(o => o switch
        {
            PathOperand p => p.Path,
            SizeOperand s => s.Path,
            _ => null,
        })
        .OfType<DocumentPath>();
}
