using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>Parses update expressions: SET, REMOVE, ADD and DELETE, each at most once. Source: AWS, "Update expressions".</summary>
internal sealed class UpdateParser
{
    private readonly TokenReader reader;
    private readonly List<(DocumentPath, UpdateValue)> sets = [];
    private readonly List<DocumentPath> removes = [];
    private readonly List<(DocumentPath, Value)> adds = [];
    private readonly List<(DocumentPath, SetValue)> deletes = [];

    private UpdateParser(TokenReader reader) => this.reader = reader;

    /// <param name="expression">Null when the request has none.</param>
    internal static UpdateExpression Parse(string? expression, Placeholders placeholders, KeySchema schema)
    {
        if (expression is null)
        {
            return UpdateExpression.None;
        }

        var parser = new UpdateParser(new TokenReader(expression, "UpdateExpression", placeholders));
        parser.Clauses();
        var update = new UpdateExpression(parser.sets, parser.removes, parser.adds, parser.deletes);
        var touched = update.Touched.ToList();
        PathOverlap.Refuse(touched, parser.reader);
        foreach (var path in touched)
        {
            if (schema.Has(path.Root))
            {
                throw new ServiceException(
                    "ValidationException", $"One or more parameter values were invalid: Cannot update attribute {path.Root}. This attribute is part of the key");
            }
        }

        return update;
    }

    private void Clauses()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var clause = reader.Current.Kind == TokenKind.Word ? reader.Current.Text.ToUpperInvariant() : "";
            Action one = clause switch
            {
                "SET" => Set,
                "REMOVE" => () => removes.Add(reader.Path()),
                "ADD" => Add,
                "DELETE" => Delete,
                _ => throw reader.SyntaxError(),
            };
            if (!seen.Add(clause))
            {
                throw reader.Invalid($"The \"{clause}\" section can only be used once in an update expression;");
            }

            reader.Take();
            do
            {
                one();
            }
            while (reader.TakeIf(","));
        }
        while (reader.Current.Kind != TokenKind.End);
    }

    private void Set()
    {
        var path = reader.Path();
        reader.Expect("=");
        var value = Operand();
        if (reader.Current.Is("+") || reader.Current.Is("-"))
        {
            var op = reader.Take().Text;
            var right = Operand();
            RequireNumber(value, op);
            RequireNumber(right, op);
            value = new SumUpdate(value, op == "-", right);
        }

        sets.Add((path, value));
    }

    private void Add()
    {
        var path = reader.Path();
        var value = reader.Value();
        adds.Add((path, value is NumberValue or SetValue ? value : throw IncorrectType("ADD", value)));
    }

    private void Delete()
    {
        var path = reader.Path();
        var value = reader.Value();
        deletes.Add((path, value as SetValue ?? throw IncorrectType("DELETE", value)));
    }

    private UpdateValue Operand()
    {
        if (reader.Current.Kind == TokenKind.ValuePlaceholder)
        {
            return new ConstantUpdate(reader.Value());
        }

        return reader.Current.Kind == TokenKind.Word && reader.Next.Is("(") ? Function() : new PathUpdate(reader.Path());
    }

    private UpdateValue Function()
    {
        var name = reader.Take().Text;
        reader.Expect("(");
        UpdateValue value;
        switch (name)
        {
            case "if_not_exists":
                var path = reader.Path();
                reader.Expect(",");
                value = new IfNotExistsUpdate(path, Operand());
                break;
            case "list_append":
                var first = List(Operand());
                reader.Expect(",");
                value = new ListAppendUpdate(first, List(Operand()));
                break;
            default:
                throw reader.Invalid($"Invalid function name; function: {name}");
        }

        reader.Expect(")");
        return value;
    }

    private UpdateValue List(UpdateValue operand) =>
        operand is ConstantUpdate { Value: not ListValue and var value } ? throw IncorrectType("list_append", value) : operand;

    private void RequireNumber(UpdateValue operand, string op)
    {
        if (operand is ConstantUpdate { Value: not NumberValue and var value })
        {
            throw IncorrectType(op, value);
        }
    }

    private ServiceException IncorrectType(string function, Value value) =>
        reader.Invalid($"Incorrect operand type for operator or function; operator or function: {function}, operand type: {value.Type}");
}
