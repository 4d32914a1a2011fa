using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class BucketsForgetRuns(CloudFixture cloud)
{
    [Fact]
    public void The_files_of_runs_expire_and_are_not_locked()
    {
        var buckets = cloud.Resources("AWS::S3::Bucket").Where(bucket => SynthesizedTemplate.Text(bucket["BucketName"]).StartsWith("dbre-runs", StringComparison.Ordinal)).ToList();
        buckets.ShouldNotBeEmpty();
        foreach (var bucket in buckets)
        {
            bucket["LifecycleConfiguration"]!["Rules"]!.AsArray().ShouldHaveSingleItem()!["ExpirationInDays"]!.GetValue<int>().ShouldBe(90);
            (bucket["ObjectLockConfiguration"] ?? bucket["ObjectLockEnabled"] ?? bucket["VersioningConfiguration"]).ShouldBeNull();
        }
    }
}
