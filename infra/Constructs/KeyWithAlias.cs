using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KMS;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>
/// The key of one Region, which outlives its stack: losing it would lose every copy encrypted under it.
/// Its policy leaves use to IAM.
/// </summary>
public sealed class KeyWithAlias : Construct
{
    /// <param name="scope">The parent.</param>
    /// <param name="id">The construct's id.</param>
    /// <param name="names">The stack's names.</param>
    /// <param name="readers">Accounts that copy snapshots encrypted under this key.</param>
    public KeyWithAlias(Construct scope, string id, Deployed names, IReadOnlyList<string> readers) : base(scope, id)
    {
        Key = new Key(this, "Key", new KeyProps
        {
            Alias = Deployed.KeyAlias,
            Description = "Encrypts the snapshots, ledger, evidence and notifications of the database reliability automation.",
            EnableKeyRotation = true,
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
        if (readers.Count > 0)
        {
            AllowCopies(names, readers);
        }
    }

    public Key Key { get; }

    /// <summary>Whoever may use the table, the bucket or the topic may use the key through them, as with AWS's own keys; and alarms may publish.</summary>
    public void UseByServicesThatHoldOurData(Deployed names)
    {
        Key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "ThroughTheServicesThatHoldOurData",
            Principals = [new AnyPrincipal()],
            Actions = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            Resources = ["*"],
            Conditions = new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object>
                {
                    ["kms:CallerAccount"] = names.Account,
                    ["kms:ViaService"] = new[] { "dynamodb", "s3", "sns" }.Select(service => $"{service}.{names.Region}.amazonaws.com").ToArray(),
                },
            },
        }));
        Key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            // An alarm publishes to the encrypted topic as CloudWatch itself.
            Sid = "AlarmsToTheTopic",
            Principals = [new ServicePrincipal("cloudwatch.amazonaws.com")],
            Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
            Resources = ["*"],
            Conditions = new Dictionary<string, object> { ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = names.Account } },
        }));
    }

    /// <summary>A shared snapshot can only be copied by an account that may also use its key.</summary>
    private void AllowCopies(Deployed names, IReadOnlyList<string> readers)
    {
        var principals = readers.Select(IPrincipal (account) => new ArnPrincipal($"arn:{names.Partition}:iam::{account}:root")).ToArray();
        Key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "CopiesInOtherAccounts",
            Principals = principals,
            Actions = ["kms:Decrypt", "kms:DescribeKey"],
            Resources = ["*"],
        }));
        Key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "CopiesInOtherAccountsByRds",
            Principals = principals,
            Actions = ["kms:CreateGrant"],
            Resources = ["*"],
            Conditions = new Dictionary<string, object> { ["Bool"] = new Dictionary<string, object> { ["kms:GrantIsForAWSResource"] = "true" } },
        }));
    }
}
