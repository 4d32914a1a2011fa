namespace Dbre.Lab.Nights;

/// <summary>
/// What a night's automation costs in US dollars at the prices AWS publishes for us-east-1, without free tiers. What depends on the size of the
/// data is not in it: storage of snapshots, transfer between Regions, and the hours of restored databases.
/// </summary>
public static class NightCost
{
    private const string StepFunctions = "https://aws.amazon.com/step-functions/pricing/";
    private const string Lambda = "https://aws.amazon.com/lambda/pricing/";
    private const string DynamoDb = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
    private const string S3 = "https://aws.amazon.com/s3/pricing/";
    private const string Kms = "https://aws.amazon.com/kms/pricing/";
    private const string SecretsManager = "https://aws.amazon.com/secrets-manager/pricing/";
    private const string Sns = "https://aws.amazon.com/sns/pricing/";

    private const int UnitsOfATransaction = 4;

    private static readonly IReadOnlyList<CostItem> Items =
    [
        new("stepFunctionsTransitions", 0.025, 1000, "state transitions, Standard", StepFunctions, u => u.Transitions),
        new("lambdaRequests", 0.20, 1_000_000, "requests", Lambda, u => u.Invocations),
        new("lambdaDuration", 0.0000166667, 1, "GB-seconds, x86", Lambda, u => u.GigabyteSeconds),
        // A unit is a write of at most 1 KB; the ledger's items are smaller. A transaction here writes two items, and each of its writes takes two units.
        new("dynamoDbWrites", 0.625, 1_000_000, "write request units, on demand", DynamoDb,
            u => Of(u, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem") + (UnitsOfATransaction * Of(u, "dynamodb:TransactWriteItems"))),
        // A unit is a strongly consistent read of at most 4 KB; half of one, when it need not be consistent, is counted as a whole.
        new("dynamoDbReads", 0.125, 1_000_000, "read request units, on demand", DynamoDb, u => Of(u, "dynamodb:GetItem", "dynamodb:Query")),
        new("s3Writes", 0.005, 1000, "PUT and LIST requests, Standard", S3, u => Of(u, "s3:PUT", "s3:POST")),
        new("s3Reads", 0.0004, 1000, "GET and other requests, Standard", S3, u => Of(u, "s3:GET", "s3:HEAD")),
        new("kms", 0.03, 10_000, "requests", Kms, u => u.CallsByName.Where(c => c.Key.StartsWith("kms:", StringComparison.Ordinal)).Sum(c => c.Value)),
        new("secretsManager", 0.05, 10_000, "API calls", SecretsManager, u => u.CallsByName.Where(c => c.Key.StartsWith("secretsmanager:", StringComparison.Ordinal)).Sum(c => c.Value)),
        new("sns", 0.50, 1_000_000, "requests", Sns, u => Of(u, "sns:Publish")),
    ];

    /// <summary>Each item of the bill.</summary>
    public static IReadOnlyList<CostLine> Of(NightUsage usage) =>
        [.. Items.Select(i => new CostLine(i.Name, i.Quantity(usage), i.Price, i.Per, i.Unit, i.Source))];

    private static long Of(NightUsage usage, params ReadOnlySpan<string> names)
    {
        var sum = 0L;
        foreach (var name in names)
        {
            sum += usage.CallsByName.GetValueOrDefault(name);
        }

        return sum;
    }

    private sealed record CostItem(string Name, double Price, int Per, string Unit, string Source, Func<NightUsage, double> Quantity);
}

/// <summary>One item of a bill.</summary>
/// <param name="Price">US dollars for <paramref name="Per"/> units.</param>
/// <param name="Source">Where AWS publishes the price.</param>
public sealed record CostLine(string Name, double Quantity, double Price, int Per, string Unit, string Source)
{
    public double Dollars => Quantity / Per * Price;
}
