using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Expressions;
using Dbre.Lab.Services.DynamoDb.Values;
using Condition = Dbre.Lab.Services.DynamoDb.Expressions.Condition;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>One write to one item, planned before it is done, so that a transaction can plan all of its writes first.</summary>
/// <param name="Change">From the item (null when there is none) to what it becomes (null to delete it).</param>
/// <param name="ChecksOnly">A transaction's ConditionCheck.</param>
internal sealed record ItemWrite(
    Table Table, ItemKey Key, Condition? Condition, bool ReturnsItemOnFailure, Func<MapValue?, MapValue?> Change, bool ChecksOnly = false)
{
    private const int MaximumItemSize = 400 * 1024;
    private static readonly MapValue Nothing = new([]);

    internal MapValue? Before => Table.Items.Find(Key);

    internal bool ConditionHolds => Condition is null || Condition.Holds(Before ?? Nothing);

    internal static ItemWrite Put(Table table, Dictionary<string, AttributeValue> item, ConditionParts condition)
    {
        var placeholders = condition.Placeholders();
        var value = WireValue.ReadItem(item);
        var key = table.Schema.OfItem(value);
        RequireIndexTypes(table, value);
        var parsed = condition.Parse(placeholders);
        placeholders.RequireAllUsed();
        RequireSize(value, "Item size has exceeded the maximum allowed size");
        return new ItemWrite(table, key, parsed, condition.ReturnsItem, _ => value);
    }

    internal static ItemWrite Delete(Table table, Dictionary<string, AttributeValue> key, ConditionParts condition) =>
        OnKey(table, key, condition, _ => null, checksOnly: false);

    internal static ItemWrite Check(Table table, Dictionary<string, AttributeValue> key, ConditionParts condition) =>
        OnKey(table, key, condition, item => item, checksOnly: true);

    internal static (ItemWrite Write, UpdateExpression Update) Update(
        Table table, Dictionary<string, AttributeValue> key, string? updateExpression, ConditionParts condition)
    {
        var placeholders = condition.Placeholders(updateExpression);
        var keyItem = WireValue.ReadItem(key);
        var itemKey = table.Schema.OfKey(keyItem);
        var update = UpdateParser.Parse(updateExpression, placeholders, table.Schema);
        var parsed = condition.Parse(placeholders);
        placeholders.RequireAllUsed();
        var write = new ItemWrite(table, itemKey, parsed, condition.ReturnsItem, before =>
        {
            var after = update.Apply(before ?? keyItem);
            RequireIndexTypes(table, after);
            RequireSize(after, "Item size to update has exceeded the maximum allowed size");
            return after;
        });
        return (write, update);
    }

    /// <summary>Checks the condition and works out the item as it will be.</summary>
    /// <exception cref="ServiceException">ConditionalCheckFailedException, with the item when the request asked for it; ValidationException from the update.</exception>
    internal MapValue? Plan()
    {
        var before = Before;
        if (!ConditionHolds)
        {
            throw new ServiceException("ConditionalCheckFailedException", "The conditional request failed")
            {
                Details = ReturnsItemOnFailure && before is not null
                    ? new Dictionary<string, object?> { ["Item"] = WireValue.WriteItem(before) }
                    : null,
            };
        }

        return Change(before);
    }

    internal void Commit(MapValue? after)
    {
        if (ChecksOnly)
        {
            return;
        }

        if (after is null)
        {
            Table.Remove(Key, Before);
        }
        else
        {
            Table.Put(Key, Before, after);
        }
    }

    private static ItemWrite OnKey(
        Table table, Dictionary<string, AttributeValue> key, ConditionParts condition, Func<MapValue?, MapValue?> change, bool checksOnly)
    {
        var placeholders = condition.Placeholders();
        var itemKey = table.Schema.OfKey(WireValue.ReadItem(key));
        var parsed = condition.Parse(placeholders);
        placeholders.RequireAllUsed();
        return new ItemWrite(table, itemKey, parsed, condition.ReturnsItem, change, checksOnly);
    }

    // An attribute that is some index's key must have the key's type, or be absent.
    private static void RequireIndexTypes(Table table, MapValue item)
    {
        foreach (var index in table.Indexes)
        {
            foreach (var attribute in index.Schema.Attributes)
            {
                if (item.Entries.TryGetValue(attribute.Name, out var value))
                {
                    attribute.Require(value, string.Create(
                        CultureInfo.InvariantCulture,
                        $"One or more parameter values were invalid: Type mismatch for Index Key {attribute.Name} Expected: {attribute.Type} Actual: {value.Type} IndexName: {index.Name}"));
                }
            }
        }
    }

    private static void RequireSize(MapValue item, string otherwise)
    {
        if (WireValue.Size(item) > MaximumItemSize)
        {
            throw new ServiceException("ValidationException", otherwise);
        }
    }
}

/// <summary>The condition of a write request and what goes with it.</summary>
internal sealed record ConditionParts(
    string? Expression, IReadOnlyDictionary<string, string>? Names, IReadOnlyDictionary<string, AttributeValue>? Values,
    ReturnValuesOnConditionCheckFailure? OnFailure)
{
    internal bool ReturnsItem => OnFailure == ReturnValuesOnConditionCheckFailure.ALL_OLD;

    internal Placeholders Placeholders(string? otherExpression = null) => new(Names, Values, Expression, otherExpression);

    internal Condition? Parse(Placeholders placeholders) =>
        Expression is null ? null : ConditionParser.Parse(Expression, "ConditionExpression", placeholders);
}
