using Amazon.Lambda.Annotations;

using Dbre.Functions.Abstractions;

namespace Dbre.Infra.Tests.Testing;

[Allow("states:StartExecution", On = "${StateMachine:snapshot-copy}")]
public sealed class StartNightlyRun
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle() => _ = this;
}

[Allow("rds:DescribeDBSnapshots", Why = "Describe has no resource scope")]
[Allow("rds:CopyDBSnapshot", On = "arn:${Partition}:rds:${Region}:${Account}:snapshot:*")]
[Allow("kms:DescribeKey", On = "${Key}")]
[Allow("dynamodb:PutItem", On = "${LedgerTable}")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/*")]
[Allow("sns:Publish", On = "${Topic}")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
public sealed class CopySnapshot
{
    [LambdaFunction(Timeout = 60, MemorySize = 1024)]
    public void Handle() => _ = this;
}

[AlsoInRecoveryRegion]
[Allow("secretsmanager:GetSecretValue", On = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:dbre/prover/*")]
public sealed class MeasureDatabase
{
    [LambdaFunction(Timeout = 900, MemorySize = 1024)]
    public void Handle() => _ = this;
}
