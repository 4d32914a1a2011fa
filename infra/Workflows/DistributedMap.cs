using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Workflows;

/// <summary>What a Distributed Map reads and writes in the run bucket, as patterns of keys: <c>runs/*/plans.json</c>.</summary>
/// <param name="Label">Stands in the ARNs of its executions; null when Step Functions makes one up.</param>
/// <param name="Items">Where its ItemReader reads; null when the items are the state's input.</param>
/// <param name="Results">Where its ResultWriter writes.</param>
public sealed record DistributedMap(string? Label, string? Items, string? Results)
{
    /// <summary>The placeholder of the one bucket that it may use.</summary>
    public const string Bucket = "RunBucket";

    public IEnumerable<Allowance> Allowances(Deployed names)
    {
        if (Items is not null)
        {
            yield return new(["s3:GetObject"], Arn(names, Items), Why: null);
        }

        if (Results is not null)
        {
            // It uploads in parts, reads what it wrote, and gives up what it could not finish (the same guide, "IAM policies for ResultWriter").
            yield return new(["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"], Arn(names, Results) + "/*", Why: null);
        }
    }

    private static string Arn(Deployed names, string keys) => $"arn:{names.Partition}:s3:::{names.RunBucket}/{keys}";
}
