using Amazon.CDK;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.S3;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>Evidence, one object per execution, which nobody can change or delete before its time.</summary>
public sealed class EvidenceBucket : Construct
{
    public EvidenceBucket(Construct scope, string id, Deployed names, IKey key, Settings settings) : base(scope, id)
    {
        var days = Duration.Days(settings.EvidenceLockDays);
        Bucket = new Bucket(this, "Bucket", new BucketProps
        {
            BucketName = names.EvidenceBucket,
            Versioned = true,
            Encryption = BucketEncryption.KMS,
            EncryptionKey = key,
            // One data key for many objects: KMS is called once in a while, not per object.
            BucketKeyEnabled = true,
            ObjectLockEnabled = true,
            ObjectLockDefaultRetention = settings.EvidenceLockMode == "COMPLIANCE" ? ObjectLockRetention.Compliance(days) : ObjectLockRetention.Governance(days),
            BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
            ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
            EnforceSSL = true,
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
    }

    public Bucket Bucket { get; }
}
