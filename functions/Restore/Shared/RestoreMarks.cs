using Amazon.RDS.Model;

namespace Dbre.Functions.Restore;

/// <summary>The tags by which a restored database is known as an operation's own, whatever its name.</summary>
internal static class RestoreMarks
{
    public const string RestoreOf = "dbre:restore-of";
    public const string Operation = "dbre:operation";

    // AWS allows 50 tags on a resource, and gives away none of its own.
    private const int MostTags = 50;
    private const string OfAws = "aws:";

    public static List<Tag> Of(RestorePlan plan, string operationId) =>
        [.. Of(plan.SourceArn, plan.Purpose, plan.Settings.Tags, operationId).Select(t => new Tag { Key = t.Key, Value = t.Value })];

    public static List<Amazon.DynamoDBv2.Model.Tag> Of(TableRestorePlan plan, string operationId) =>
        [.. Of(plan.SourceArn, plan.Purpose, plan.Settings.Tags, operationId).Select(t => new Amazon.DynamoDBv2.Model.Tag { Key = t.Key, Value = t.Value })];

    private static IEnumerable<KeyValuePair<string, string>> Of(string sourceArn, RestorePurpose purpose, IReadOnlyDictionary<string, string> tags, string operationId)
    {
        Dictionary<string, string> ours = new(StringComparer.Ordinal) { [RestoreOf] = sourceArn, [Operation] = operationId };
        var carried = purpose == RestorePurpose.Drill ? [] : tags.Where(t => !t.Key.StartsWith(OfAws, StringComparison.Ordinal) && !ours.ContainsKey(t.Key));
        return ours.Concat(carried).Take(MostTags);
    }
}
