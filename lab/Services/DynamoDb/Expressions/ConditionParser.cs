using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>
/// Parses condition, filter and key-condition expressions. OR binds least, then AND, then NOT.
/// Source: AWS, "Condition and filter expressions, operators, and functions in DynamoDB".
/// </summary>
internal sealed class ConditionParser
{
    private static readonly HashSet<string> Comparators = ["=", "<>", "<", "<=", ">", ">="];
    private static readonly HashSet<string> Types = ["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"];

    private readonly TokenReader reader;

    private ConditionParser(TokenReader reader) => this.reader = reader;

    /// <param name="kind">ConditionExpression, FilterExpression or KeyConditionExpression.</param>
    internal static Condition Parse(string expression, string kind, Placeholders placeholders)
    {
        var parser = new ConditionParser(new TokenReader(expression, kind, placeholders));
        var condition = parser.Or();
        parser.reader.ExpectEnd();
        return condition;
    }

    private Condition Or()
    {
        var left = And();
        while (reader.TakeKeyword("OR"))
        {
            left = new OrCondition(left, And());
        }

        return left;
    }

    private Condition And()
    {
        var left = Not();
        while (reader.TakeKeyword("AND"))
        {
            left = new AndCondition(left, Not());
        }

        return left;
    }

    private Condition Not() => reader.TakeKeyword("NOT") ? new NotCondition(Not()) : Primary();

    private Condition Primary()
    {
        if (reader.TakeIf("("))
        {
            var inner = Or();
            reader.Expect(")");
            return inner;
        }

        if (reader.Current.Kind == TokenKind.Word && reader.Next.Is("(") && reader.Current.Text != "size")
        {
            return Function();
        }

        var left = Operand();
        if (reader.TakeKeyword("BETWEEN"))
        {
            var low = Ordered(Operand(), "BETWEEN");
            if (!reader.TakeKeyword("AND"))
            {
                throw reader.SyntaxError();
            }

            return Between(left, low, Ordered(Operand(), "BETWEEN"));
        }

        if (reader.TakeKeyword("IN"))
        {
            return new InCondition(left, Choices());
        }

        if (reader.Current.Kind != TokenKind.Symbol || !Comparators.Contains(reader.Current.Text))
        {
            throw reader.SyntaxError();
        }

        var op = reader.Take().Text;
        var right = Operand();
        return op is "=" or "<>" ? new Comparison(left, op, right) : new Comparison(Ordered(left, op), op, Ordered(right, op));
    }

    private BetweenCondition Between(Operand operand, Operand low, Operand high)
    {
        if (low is ConstantOperand { Value: var from } && high is ConstantOperand { Value: var to })
        {
            if (from.Type != to.Type)
            {
                throw reader.Invalid($"The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {{{from.Type}}}, upper bound operand: AttributeValue: {{{to.Type}}}");
            }

            if (ValueOrder.Instance.Compare(from, to) > 0)
            {
                throw reader.Invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound");
            }
        }

        return new BetweenCondition(operand, low, high);
    }

    private List<Operand> Choices()
    {
        reader.Expect("(");
        var choices = new List<Operand> { Operand() };
        while (reader.TakeIf(","))
        {
            choices.Add(Operand());
        }

        reader.Expect(")");
        return choices.Count <= 100 ? choices : throw reader.Invalid("The IN operator is provided with too many operands; number of operands: " + choices.Count);
    }

    private Condition Function()
    {
        var name = reader.Take().Text;
        reader.Expect("(");
        Condition condition = name switch
        {
            "attribute_exists" => new ExistsCondition(reader.Path()),
            "attribute_not_exists" => new NotCondition(new ExistsCondition(reader.Path())),
            "attribute_type" => new TypeCondition(PathThenComma(), TypeName()),
            "begins_with" => new BeginsWithCondition(First(), Prefix()),
            "contains" => new ContainsCondition(First(), Operand()),
            _ => throw reader.Invalid($"Invalid function name; function: {name}"),
        };
        if (!reader.TakeIf(")"))
        {
            throw reader.Current.Is(",") ? reader.Invalid($"Incorrect number of operands for operator or function; operator or function: {name}") : reader.SyntaxError();
        }

        return condition;
    }

    private DocumentPath PathThenComma()
    {
        var path = reader.Path();
        reader.Expect(",");
        return path;
    }

    private Operand First()
    {
        var operand = Operand();
        reader.Expect(",");
        return operand;
    }

    private Operand Prefix() => Operand() switch
    {
        ConstantOperand { Value: not (StringValue or BinaryValue) } wrong => throw IncorrectType("begins_with", wrong.Value),
        var operand => operand,
    };

    private string TypeName() => reader.Value() switch
    {
        StringValue { Text: var type } when Types.Contains(type) => type,
        StringValue { Text: var type } => throw reader.Invalid($"Invalid attribute type name found; type: {type}, valid types: {{{string.Join(",", Types.Order(StringComparer.Ordinal))}}}"),
        var other => throw IncorrectType("attribute_type", other),
    };

    private Operand Operand()
    {
        if (reader.Current.Kind == TokenKind.ValuePlaceholder)
        {
            return new ConstantOperand(reader.Value());
        }

        if (reader.Current is { Kind: TokenKind.Word, Text: "size" } && reader.Next.Is("("))
        {
            reader.Take();
            reader.Expect("(");
            var path = reader.Path();
            reader.Expect(")");
            return new SizeOperand(path);
        }

        return new PathOperand(reader.Path());
    }

    // Only strings, numbers and binaries have an order; AWS says so before it looks at any item.
    private Operand Ordered(Operand operand, string op) =>
        operand is ConstantOperand { Value: var value } && !ValueOrder.Ordered(value) ? throw IncorrectType(op, value) : operand;

    private ServiceException IncorrectType(string function, Value value) =>
        reader.Invalid($"Incorrect operand type for operator or function; operator or function: {function}, operand type: {value.Type}");
}
