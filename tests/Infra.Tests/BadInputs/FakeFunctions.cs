#pragma warning disable CA1822 // These stand for handlers, and are never called.
using Amazon.Lambda.Annotations;

using Dbre.Functions.Abstractions;

namespace Dbre.Infra.Tests.BadInputs;

[Allow("sns:Publish", On = "${Topic}")]
internal sealed class Good
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("rds:DescribeDBSnapshots")]
internal sealed class EverythingWithoutWhy
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("rds:Describe*", Why = "It reads.")]
internal sealed class WildcardAction
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${Bucket}/*")]
internal sealed class UnknownToken
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("s3:PutObject", On = "dbre-evidence")]
internal sealed class NoArn
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("lambda:InvokeFunction", On = "${Function:Nobody}")]
internal sealed class InvokesNobody
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("states:DescribeExecution", On = "${Executions:nothing}")]
internal sealed class AsksAfterNothing
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("states:DescribeExecution", On = "${Executions:snapshot-copy/nothing}")]
internal sealed class AsksAfterNoLabel
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("states:StartExecution", On = "${StateMachine:nothing}")]
internal sealed class StartsNothing
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow(Why = "It does nothing.")]
internal sealed class NoActions
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

internal sealed class NoTimeout
{
    [LambdaFunction(MemorySize = 512)]
    public void Handle()
    {
    }
}

internal sealed class TooLittleMemory
{
    [LambdaFunction(Timeout = 30, MemorySize = 64)]
    public void Handle()
    {
    }
}

internal sealed class TwoHandlers
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void HandleToo()
    {
    }
}

[Allow("iam:PassRole", On = "arn:${Partition}:iam::${Account}:role/*", If = "iam:PassedToService")]
internal sealed class NoCondition
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("kms:Decrypt", On = "${Key}", If = "kms:ViaService=${Bucket}")]
internal sealed class UnknownTokenInACondition
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[Allow("sns:Publish", On = "${Topic}")]
internal sealed class NoFunction;

internal sealed class ANameThatIsFarTooLongForARoleWhichAlsoCarriesItsRegion
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}

[AlsoInRecoveryRegion]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
internal sealed class ReadsTheLedgerElsewhere
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public void Handle()
    {
    }
}
