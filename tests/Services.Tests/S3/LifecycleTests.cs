using Amazon.S3;
using Amazon.S3.Model;

using Dbre.Lab.Services.S3;
using Dbre.Services.Tests.Testing;

using LifecycleRule = Amazon.S3.Model.LifecycleRule;

namespace Dbre.Services.Tests.S3;

/// <summary>Lifecycle rules: what is old goes at midnight.</summary>
public sealed class LifecycleTests
{
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(w => new S3Service(w));
    private readonly AmazonS3Client s3;

    public LifecycleTests()
    {
        var config = cloud.Config<AmazonS3Config>();
        config.ForcePathStyle = true;
        s3 = new AmazonS3Client(EmulatedCloud.Operator, config);
    }

    [Fact]
    public async Task Objects_of_the_prefix_expire_at_the_midnight_after_their_days()
    {
        await s3.PutBucketAsync("runs");
        await s3.PutLifecycleConfigurationAsync(Rule("runs/"));
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "runs", Key = "runs/1", ContentBody = "x" });
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "runs", Key = "kept", ContentBody = "x" });

        // Made at 03:00: two days are over at 03:00 of the 23rd, and the object goes with the 23rd.
        cloud.Clock.Advance(TimeSpan.FromHours(68));
        (await Keys()).ShouldBe(["kept", "runs/1"]);
        cloud.Clock.Advance(TimeSpan.FromHours(1));
        (await Keys()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Rules_are_answered_as_they_were_put()
    {
        await s3.PutBucketAsync("runs");
        await s3.PutLifecycleConfigurationAsync(Rule("runs/"));

        var rule = (await s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = "runs" })).Configuration.Rules.ShouldHaveSingleItem();
        (rule.Id, rule.Expiration.Days, rule.AbortIncompleteMultipartUpload.DaysAfterInitiation).ShouldBe(("forget", 2, 1));
    }

    [Fact]
    public async Task Rules_of_a_bucket_with_versions_are_refused_by_name()
    {
        await s3.PutBucketAsync("versions");
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = "versions", VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });
        var rule = Rule("");
        rule.BucketName = "versions";
        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.PutLifecycleConfigurationAsync(rule))).Message.ShouldContain("lifecycle rules of a bucket with versions");
    }

    private async Task<IEnumerable<string>> Keys() => ((await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "runs" })).S3Objects ?? []).Select(o => o.Key);

    private static PutLifecycleConfigurationRequest Rule(string prefix) => new()
    {
        BucketName = "runs",
        Configuration = new LifecycleConfiguration
        {
            Rules =
            [
                new LifecycleRule
                {
                    Id = "forget", Status = LifecycleRuleStatus.Enabled, Expiration = new LifecycleRuleExpiration { Days = 2 },
                    Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = prefix } },
                    AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 1 },
                },
            ],
        },
    };
}
