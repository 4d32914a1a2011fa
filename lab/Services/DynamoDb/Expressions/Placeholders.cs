using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>The names and values that a request's expressions may refer to; each must be used by one of them.</summary>
internal sealed class Placeholders
{
    private readonly IReadOnlyDictionary<string, string> names;
    private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <param name="expressions">The request's expressions: placeholders without any expression are refused.</param>
    internal Placeholders(
        IReadOnlyDictionary<string, string>? names, IReadOnlyDictionary<string, AttributeValue>? values, params ReadOnlySpan<string?> expressions)
    {
        this.names = names ?? new Dictionary<string, string>();
        var any = false;
        foreach (var expression in expressions)
        {
            if (expression is { Length: 0 })
            {
                throw Invalid("Invalid expression: The expression can not be empty;");
            }

            any |= expression is not null;
        }

        if (!any && (this.names.Count > 0 || values is { Count: > 0 }))
        {
            throw Invalid($"ExpressionAttribute{(this.names.Count > 0 ? "Names" : "Values")} can only be specified when using expressions");
        }

        foreach (var (name, value) in values ?? new Dictionary<string, AttributeValue>())
        {
            if (!name.StartsWith(':') || name.Length < 2)
            {
                throw Invalid($"ExpressionAttributeValues contains invalid key: Syntax error; key: \"{name}\"");
            }

            try
            {
                this.values.Add(name, WireValue.Read(value));
            }
            catch (ServiceException e)
            {
                throw Invalid($"ExpressionAttributeValues contains invalid value: {e.Message} for key {name}");
            }
        }
    }

    internal string Name(string placeholder, string kind)
    {
        used.Add(placeholder);
        return names.TryGetValue(placeholder, out var name)
            ? name
            : throw Invalid($"Invalid {kind}: An expression attribute name used in the document path is not defined; attribute name: {placeholder}");
    }

    internal Value Value(string placeholder, string kind)
    {
        used.Add(placeholder);
        return values.TryGetValue(placeholder, out var value)
            ? value
            : throw Invalid($"Invalid {kind}: An expression attribute value used in expression is not defined; attribute value: {placeholder}");
    }

    /// <summary>To be called once all expressions are parsed.</summary>
    /// <exception cref="ServiceException">ValidationException, naming what is not used.</exception>
    internal void RequireAllUsed()
    {
        Require("Names", names.Keys);
        Require("Values", values.Keys);
    }

    private void Require(string what, IEnumerable<string> given)
    {
        var unused = given.Where(g => !used.Contains(g)).Order(StringComparer.Ordinal).ToList();
        if (unused.Count > 0)
        {
            throw Invalid($"Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{string.Join(", ", unused)}}}");
        }
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);
}
