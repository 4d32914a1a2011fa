using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.KMS;

using Constructs;

using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>Runs, locks, the backup catalog and evidence heads. It outlives its stack: retention decides by it what may be deleted.</summary>
public sealed class LedgerTable : Construct
{
    public LedgerTable(Construct scope, string id, IKey key) : base(scope, id)
    {
        Table = new Table(this, "Table", new TableProps
        {
            TableName = Deployed.LedgerTable,
            PartitionKey = new Amazon.CDK.AWS.DynamoDB.Attribute { Name = "pk", Type = AttributeType.STRING },
            SortKey = new Amazon.CDK.AWS.DynamoDB.Attribute { Name = "sk", Type = AttributeType.STRING },
            BillingMode = BillingMode.PAY_PER_REQUEST,
            PointInTimeRecovery = true,
            Encryption = TableEncryption.CUSTOMER_MANAGED,
            EncryptionKey = key,
            DeletionProtection = true,
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
    }

    public Table Table { get; }
}
