using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Services.Tests.DynamoDb;

public sealed class ConditionTests
{
    private const string Subject =
        """{"pk":"a","sk":"1","word":"prometheus","count":12,"flag":true,"nothing":null,"box":{"kid":{"deep":7}},"list":["x",2,["y"]],"size of":1}""";

    [Theory]
    [InlineData("#w = :v", "prometheus", true)]
    [InlineData("#w = :v", "other", false)]
    [InlineData("#w <> :v", "other", true)]
    [InlineData("absent = :v", "x", false)]
    [InlineData("absent <> :v", "x", true)]
    [InlineData("#w < :v", "z", true)]
    [InlineData("#w < :v", 100, false)]
    [InlineData("#c >= :v", 12, true)]
    [InlineData("#c > :v", 12, false)]
    [InlineData("#c > :v", 9, true)]
    [InlineData("#c BETWEEN :v AND #c", 9, true)]
    [InlineData("#w IN (:v, #w)", "other", true)]
    [InlineData("#w IN (:v)", "other", false)]
    [InlineData("attribute_exists(#w) AND #w <> :v", "x", true)]
    [InlineData("attribute_not_exists(absent) AND #w <> :v", "x", true)]
    [InlineData("attribute_exists(box.kid.deep) AND #w <> :v", "x", true)]
    [InlineData("attribute_exists(box.mate.deep) AND #w <> :v", "x", false)]
    [InlineData("attribute_type(#w, :v)", "S", true)]
    [InlineData("attribute_type(flag, :v)", "BOOL", true)]
    [InlineData("attribute_type(nothing, :v)", "NULL", true)]
    [InlineData("attribute_type(box, :v)", "L", false)]
    [InlineData("begins_with(#w, :v)", "prom", true)]
    [InlineData("begins_with(#w, :v)", "rom", false)]
    [InlineData("contains(#w, :v)", "meth", true)]
    [InlineData("contains(#l, :v)", "x", true)]
    [InlineData("contains(#l, :v)", 2, true)]
    [InlineData("contains(#l, :v)", "y", false)]
    [InlineData("size(#w) = :v", 10, true)]
    [InlineData("size(#l) = :v", 3, true)]
    [InlineData("size(absent) = :v", 0, false)]
    [InlineData("box.kid.deep = :v", 7, true)]
    [InlineData("#l[1] = :v", 2, true)]
    [InlineData("#l[2][0] = :v", "y", true)]
    [InlineData("#l[9] = :v", "y", false)]
    [InlineData("NOT #c = :v", 12, false)]
    [InlineData("NOT (#c = :v)", 13, true)]
    [InlineData("#c = :v OR #c = :v AND absent = :v", 12, true)]
    [InlineData("(#c = :v OR #c = :v) AND absent = :v", 12, false)]
    [InlineData("not #c = :v or #c = :v", 12, true)]
    public async Task Condition_on_the_item_holds_as_documented(string expression, object value, bool holds)
    {
        using var lab = await DynamoLab.Create(Subject);
        var names = new Dictionary<string, string> { ["#w"] = "word", ["#c"] = "count", ["#l"] = "list" }
            .Where(n => expression.Contains(n.Key, StringComparison.Ordinal)).ToDictionary();

        var found = await lab.Client.ScanAsync(new ScanRequest
        {
            TableName = DynamoLab.Table,
            FilterExpression = expression,
            ExpressionAttributeNames = names.Count > 0 ? names : null,
            ExpressionAttributeValues = new() { [":v"] = value is int number ? new AttributeValue { N = $"{number}" } : new AttributeValue((string)value) },
        });

        found.Count.ShouldBe(holds ? 1 : 0);
        found.ScannedCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("status = :v", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status")]
    [InlineData("#n = :v", "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #n")]
    [InlineData("word = :w", "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :w")]
    [InlineData("attribute_exists(word)", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}")]
    [InlineData("word = = :v", "Invalid ConditionExpression: Syntax error; token: \"=\", near: \"= = :v\"")]
    [InlineData("word = :v AND", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"AND\"")]
    [InlineData("word ! :v", "Invalid ConditionExpression: Syntax error; token: \"!\", near: \"word ! :v\"")]
    [InlineData("exists(word) AND word = :v", "Invalid ConditionExpression: Invalid function name; function: exists")]
    [InlineData("begins_with(word, :v, :v)", "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with")]
    [InlineData("attribute_type(word, :v)", "Invalid ConditionExpression: Invalid attribute type name found; type: x, valid types: {B,BOOL,BS,L,M,N,NS,NULL,S,SS}")]
    [InlineData("", "Invalid expression: The expression can not be empty;")]
    public async Task Condition_that_cannot_be_read_is_refused_in_the_words_of_AWS(string expression, string message)
    {
        using var lab = await DynamoLab.Create();

        var refusal = await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Client.PutItemAsync(new PutItemRequest
        {
            TableName = DynamoLab.Table, Item = DynamoLab.Item(Subject), ConditionExpression = expression, ExpressionAttributeValues = new() { [":v"] = new("x") },
        }));

        refusal.ErrorCode.ShouldBe("ValidationException");
        refusal.Message.ShouldBe(message);
        (await lab.Get("a", "1")).ShouldBeNull();
    }

    [Fact]
    public async Task PutItem_whose_condition_fails_changes_nothing_and_answers_the_item_when_asked()
    {
        using var lab = await DynamoLab.Create("""{"pk":"a","sk":"1","fence":4}""");

        var refusal = await Should.ThrowAsync<ConditionalCheckFailedException>(() => lab.Client.PutItemAsync(new PutItemRequest
        {
            TableName = DynamoLab.Table,
            Item = DynamoLab.Item("""{"pk":"a","sk":"1","fence":3}"""),
            ConditionExpression = "attribute_not_exists(pk) OR fence < :fence",
            ExpressionAttributeValues = new() { [":fence"] = new() { N = "3" } },
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        }));

        refusal.Message.ShouldBe("The conditional request failed");
        refusal.Item["fence"].N.ShouldBe("4");
        (await lab.Get("a", "1")).ShouldBe("""{"fence":4,"pk":"a","sk":"1"}""");
    }

    [Fact]
    public async Task PutItem_with_unhandled_legacy_parameter_is_refused_by_name()
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Client.PutItemAsync(new PutItemRequest
        {
            TableName = DynamoLab.Table, Item = DynamoLab.Item(Subject), Expected = new() { ["pk"] = new() { Exists = false } },
        }))).Message.ShouldStartWith("The lab does not emulate the parameter Expected of PutItem;");
    }
}
