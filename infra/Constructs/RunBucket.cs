using Amazon.CDK;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.S3;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>
/// The working files of runs: what was selected, and what came of each item. They are too large for the state machine's 256 KB, and of no
/// use once the evidence is written; so they are not locked like it, and expire when Step Functions forgets the execution too.
/// </summary>
public sealed class RunBucket : Construct
{
    // AWS Step Functions Developer Guide, "Service quotas": execution history is kept for 90 days.
    private const int Days = 90;

    public RunBucket(Construct scope, string id, Deployed names, IKey key) : base(scope, id)
    {
        Bucket = new Bucket(this, "Bucket", new BucketProps
        {
            BucketName = names.RunBucket,
            Encryption = BucketEncryption.KMS,
            EncryptionKey = key,
            BucketKeyEnabled = true,
            LifecycleRules =
            [
                new LifecycleRule { Id = "forget", Enabled = true, Expiration = Duration.Days(Days), AbortIncompleteMultipartUploadAfter = Duration.Days(1) },
            ],
            BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
            ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
            EnforceSSL = true,
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
    }

    public Bucket Bucket { get; }
}
