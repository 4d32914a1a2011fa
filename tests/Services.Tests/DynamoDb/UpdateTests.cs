using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Services.Tests.DynamoDb;

public sealed class UpdateTests
{
    private const string Start = """{"box":{"k":1},"list":["x","y","z"],"n":5,"pk":"a","sk":"1","text":"t"}""";

    [Theory]
    [InlineData("SET n = n + :v", 3, """{"box":{"k":1},"list":["x","y","z"],"n":8,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET n = :v - n", 3, """{"box":{"k":1},"list":["x","y","z"],"n":-2,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET n = if_not_exists(n, :v)", 3, """{"box":{"k":1},"list":["x","y","z"],"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET m = if_not_exists(m, :v) + n", 3, """{"box":{"k":1},"list":["x","y","z"],"m":8,"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET box.mate = :v", 3, """{"box":{"k":1,"mate":3},"list":["x","y","z"],"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET list[1] = :v", 3, """{"box":{"k":1},"list":["x",3,"z"],"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET list[9] = :v", 3, """{"box":{"k":1},"list":["x","y","z",3],"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET n = :v REMOVE list[0], list[2], text", 3, """{"box":{"k":1},"list":["y"],"n":3,"pk":"a","sk":"1"}""")]
    [InlineData("remove box.k set n = :v", 3, """{"box":{},"list":["x","y","z"],"n":3,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("ADD n :v, fresh :v", 3, """{"box":{"k":1},"fresh":3,"list":["x","y","z"],"n":8,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("SET n = text, text = :v", 3, """{"box":{"k":1},"list":["x","y","z"],"n":"t","pk":"a","sk":"1","text":3}""")]
    public async Task UpdateItem_changes_the_item_as_documented(string expression, int value, string after)
    {
        using var lab = await DynamoLab.Create(Start);

        await Update(lab, expression.Replace("list", "#l", StringComparison.Ordinal).Replace("text", "#t", StringComparison.Ordinal), new AttributeValue { N = $"{value}" });

        (await lab.Get("a", "1")).ShouldBe(after);
    }

    [Fact]
    public async Task UpdateItem_on_sets_adds_and_deletes_and_drops_the_empty_set()
    {
        using var lab = await DynamoLab.Create("""{"pk":"a","sk":"1"}""");

        await Update(lab, "ADD tags :v", new AttributeValue { SS = ["b", "a"] });
        await Update(lab, "ADD tags :v", new AttributeValue { SS = ["c"] });
        await Update(lab, "DELETE tags :v", new AttributeValue { SS = ["a", "unknown"] });
        (await lab.Client.GetItemAsync(DynamoLab.Table, DynamoLab.Key("a", "1"))).Item["tags"].SS.ShouldBe(["b", "c"]);
        await Update(lab, "DELETE tags :v", new AttributeValue { SS = ["b", "c"] });

        (await lab.Get("a", "1")).ShouldBe("""{"pk":"a","sk":"1"}""");
    }

    [Fact]
    public async Task UpdateItem_appends_lists()
    {
        using var lab = await DynamoLab.Create(Start);

        await Update(lab, "SET #l = list_append(#l, :v)", new AttributeValue { L = [new("w")] });

        (await lab.Get("a", "1")).ShouldBe("""{"box":{"k":1},"list":["x","y","z","w"],"n":5,"pk":"a","sk":"1","text":"t"}""");
    }

    [Theory]
    [InlineData("SET pk = :v", "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key")]
    [InlineData("SET n = absent + :v", "The provided expression refers to an attribute that does not exist in the item")]
    [InlineData("SET n = word + :v", "The provided expression refers to an attribute that does not exist in the item")]
    [InlineData("SET absent.kid = :v", "The document path provided in the update expression is invalid for update")]
    [InlineData("SET box = :v, box.k = :v", "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [box], path two: [box, k]")]
    [InlineData("SET n = :v SET m = :v", "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;")]
    [InlineData("INCREASE n :v", "Invalid UpdateExpression: Syntax error; token: \"INCREASE\", near: \"INCREASE n :v\"")]
    [InlineData("SET n = box + :v", "An operand in the update expression has an incorrect data type")]
    [InlineData("DELETE tags :v", "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: DELETE, operand type: N")]
    [InlineData("SET n = list_append(n, :v)", "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N")]
    [InlineData("SET n = double(:v)", "Invalid UpdateExpression: Invalid function name; function: double")]
    public async Task UpdateItem_that_cannot_be_done_is_refused_in_the_words_of_AWS(string expression, string message)
    {
        using var lab = await DynamoLab.Create(Start);

        var refusal = await Should.ThrowAsync<AmazonDynamoDBException>(() => Update(lab, expression, new AttributeValue { N = "3" }));

        refusal.ErrorCode.ShouldBe("ValidationException");
        refusal.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("NONE", null)]
    [InlineData("ALL_OLD", """{"box":{"k":1},"list":["x","y","z"],"n":5,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("ALL_NEW", """{"box":{"k":2},"list":["x","y","z"],"n":6,"pk":"a","sk":"1","text":"t"}""")]
    [InlineData("UPDATED_OLD", """{"box":{"k":1},"n":5}""")]
    [InlineData("UPDATED_NEW", """{"box":{"k":2},"n":6}""")]
    public async Task UpdateItem_answers_what_ReturnValues_asks_for(string returned, string? attributes)
    {
        using var lab = await DynamoLab.Create(Start);

        var answer = await lab.Client.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = DynamoLab.Table, Key = DynamoLab.Key("a", "1"), UpdateExpression = "SET n = n + :one, box.k = box.k + :one",
            ExpressionAttributeValues = new() { [":one"] = new() { N = "1" } }, ReturnValues = returned,
        });

        (answer.Attributes is { Count: > 0 } found ? DynamoLab.Json(found) : null).ShouldBe(attributes);
    }

    [Fact]
    public async Task UpdateItem_on_a_missing_item_makes_it()
    {
        using var lab = await DynamoLab.Create();

        await Update(lab, "SET n = if_not_exists(n, :v) + :v", new AttributeValue { N = "1" });

        (await lab.Get("a", "1")).ShouldBe("""{"n":2,"pk":"a","sk":"1"}""");
    }

    [Theory]
    [InlineData("99999999999999999999999999999999999999", "1", "100000000000000000000000000000000000000")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1E+3", "-0.001", "999.999")]
    [InlineData("-5", "5", "0")]
    [InlineData("1E-130", "0", "0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001")]
    public async Task UpdateItem_adds_numbers_exactly(string start, string added, string sum)
    {
        using var lab = await DynamoLab.Create();
        await lab.Client.PutItemAsync(DynamoLab.Table, new(DynamoLab.Key("a", "1")) { ["n"] = new() { N = start } });

        await Update(lab, "SET n = n + :v", new AttributeValue { N = added });

        (await lab.Client.GetItemAsync(DynamoLab.Table, DynamoLab.Key("a", "1"))).Item["n"].N.ShouldBe(sum);
    }

    [Theory]
    [InlineData("123456789012345678901234567890123456789", "Attempting to store more than 38 significant digits in a Number")]
    [InlineData("1E126", "Number overflow. Attempting to store a number with magnitude larger than supported range")]
    [InlineData("1E-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range")]
    [InlineData("twelve", "The parameter cannot be converted to a numeric value: twelve")]
    public async Task PutItem_with_a_number_out_of_bounds_is_refused(string number, string message)
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Client.PutItemAsync(DynamoLab.Table, new(DynamoLab.Key("a", "1")) { ["n"] = new() { N = number } })))
            .Message.ShouldBe(message);
    }

    private static Task Update(DynamoLab lab, string expression, AttributeValue value) => lab.Client.UpdateItemAsync(new UpdateItemRequest
    {
        TableName = DynamoLab.Table,
        Key = DynamoLab.Key("a", "1"),
        UpdateExpression = expression,
        ExpressionAttributeNames = new Dictionary<string, string> { ["#l"] = "list", ["#t"] = "text" }
            .Where(n => expression.Contains(n.Key, StringComparison.Ordinal)).ToDictionary() is { Count: > 0 } names ? names : null,
        ExpressionAttributeValues = new() { [":v"] = value },
    });
}
