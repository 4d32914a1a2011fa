using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class BucketsKeepEvidence(CloudFixture cloud)
{
    [Fact]
    public void Every_bucket_of_evidence_is_versioned_and_locked() => Buckets("dbre-evidence").Where(bucket =>
        bucket["VersioningConfiguration"]?["Status"]?.ToString() != "Enabled"
        || bucket["ObjectLockConfiguration"]?["Rule"]?["DefaultRetention"]?["Days"] is null
        || bucket["LifecycleConfiguration"] is not null).ShouldBeEmpty();

    [Fact]
    public void There_is_a_bucket_of_evidence() => Buckets("dbre-evidence").ShouldNotBeEmpty();

    private IEnumerable<SynthesizedResource> Buckets(string name) =>
        cloud.Resources("AWS::S3::Bucket").Where(bucket => SynthesizedTemplate.Text(bucket["BucketName"]).StartsWith(name, StringComparison.Ordinal));
}
