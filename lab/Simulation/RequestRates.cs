namespace Dbre.Lab.Simulation;

/// <summary>
/// How many requests a second an account may make in a Region, as token buckets. Step Functions' and EC2's are their published buckets; KMS, Secrets Manager,
/// STS and SNS publish a rate a second; DynamoDB and S3 are the throughput of a new on-demand table and of one prefix. RDS publishes none: its
/// numbers are set low, under what its users report.
/// </summary>
public sealed class RequestRates(TimeProvider clock)
{
    private static readonly Dictionary<string, (double Size, double PerSecond)> Published = new(StringComparer.Ordinal)
    {
        // AWS Step Functions Developer Guide, "Quotas related to API action throttling" (other Regions).
        ["states:StartExecution"] = (800, 150),
        ["states:DescribeExecution"] = (250, 10),
        ["states:ListExecutions"] = (100, 5),
        ["states:GetExecutionHistory"] = (400, 20),
        ["states:StopExecution"] = (500, 25),
        // AWS KMS Developer Guide, "Request quotas".
        ["kms"] = (2000, 2000),
        // AWS Secrets Manager User Guide, "Quotas".
        ["secretsmanager"] = (10000, 10000),
        // IAM User Guide, AWS STS request quotas.
        ["sts"] = (600, 600),
        // Amazon SNS quotas, Publish in the smaller Regions.
        ["sns"] = (300, 300),
        // Amazon DynamoDB Developer Guide, initial throughput of on-demand tables; requests of at most one unit each.
        ["dynamodb"] = (4000, 4000),
        // Amazon S3 User Guide, request rate of one prefix for writing.
        ["s3"] = (3500, 3500),
        ["lambda"] = (10000, 10000),
        // Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API": non-mutating and mutating actions.
        ["ec2:Describe"] = (100, 20),
        ["ec2"] = (50, 5),
        ["rds:Describe"] = (100, 20),
        ["rds"] = (50, 5),
    };

    private readonly Dictionary<(string Account, string Region, string Bucket), (double Left, DateTimeOffset At)> buckets = [];

    /// <summary>Takes a token for a request; false when none is left.</summary>
    public bool Take(string account, string region, string service, string operation)
    {
        var name = Bucket(service, operation);
        if (!Published.TryGetValue(name, out var rate))
        {
            return true;
        }

        var now = clock.GetUtcNow();
        var (left, at) = buckets.GetValueOrDefault((account, region, name), (rate.Size, now));
        left = Math.Min(rate.Size, left + ((now - at).TotalSeconds * rate.PerSecond));
        buckets[(account, region, name)] = (left >= 1 ? left - 1 : left, now);
        return left >= 1;
    }

    private static string Bucket(string service, string operation) =>
        service == "states" ? $"states:{operation}"
        : service is "rds" or "ec2" && operation.StartsWith("Describe", StringComparison.Ordinal) ? $"{service}:Describe"
        : service;
}
