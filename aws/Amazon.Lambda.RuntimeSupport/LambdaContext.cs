using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The context of one invocation.</summary>
internal sealed class LambdaContext(NextInvocation invocation, RuntimeEnvironment environment, TimeProvider clock) : ILambdaContext
{
    public string AwsRequestId => invocation.RequestId;

    public IClientContext? ClientContext { get; } = Mobile.ReadClientContext(invocation.ClientContext);

    public string FunctionName => environment.FunctionName;

    public string FunctionVersion => environment.FunctionVersion;

    public ICognitoIdentity? Identity { get; } = Mobile.ReadIdentity(invocation.CognitoIdentity);

    public string InvokedFunctionArn => invocation.FunctionArn;

    public ILambdaLogger Logger { get; } = new ConsoleLogger(invocation.RequestId, environment.JsonLogs, clock);

    public string LogGroupName => environment.LogGroup;

    public string LogStreamName => environment.LogStream;

    public int MemoryLimitInMB => environment.MemoryInMB;

    public TimeSpan RemainingTime
    {
        get
        {
            var left = invocation.Deadline - clock.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public string? TraceId => invocation.TraceHeader;
}
