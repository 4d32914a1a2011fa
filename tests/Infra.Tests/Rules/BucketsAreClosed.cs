using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class BucketsAreClosed(CloudFixture cloud)
{
    [Fact]
    public void Every_bucket_is_encrypted_closed_and_kept() => cloud.Resources("AWS::S3::Bucket").Where(bucket =>
        bucket["BucketEncryption"]?["ServerSideEncryptionConfiguration"]?[0]?["ServerSideEncryptionByDefault"]?["SSEAlgorithm"]?.ToString() != "aws:kms"
        || bucket["PublicAccessBlockConfiguration"]?.AsObject().Count(flag => flag.Value!.GetValue<bool>()) != 4
        || bucket.Json["DeletionPolicy"]?.ToString() != "Retain").ShouldBeEmpty();

    [Fact]
    public void Every_bucket_refuses_plaintext_transport()
    {
        foreach (var template in cloud.All)
        {
            var refusing = template.Resources("AWS::S3::BucketPolicy")
                .Where(policy => policy["PolicyDocument"]!["Statement"]!.AsArray().Any(statement =>
                    statement!["Effect"]!.ToString() == "Deny" && statement["Condition"]?["Bool"]?["aws:SecureTransport"]?.ToString() == "false"))
                .Select(policy => SynthesizedTemplate.Text(policy["Bucket"])).ToList();
            template.Resources("AWS::S3::Bucket").Where(bucket => !refusing.Contains($"{{{bucket.LogicalId}}}")).ShouldBeEmpty();
        }
    }
}
