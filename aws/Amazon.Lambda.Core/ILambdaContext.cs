namespace Amazon.Lambda.Core;

/// <summary>What a function knows of the invocation it serves.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation; a retry of an asynchronous invocation keeps it.</summary>
    string AwsRequestId { get; }

    /// <summary>Sent by a mobile SDK's client; null otherwise.</summary>
    IClientContext? ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    /// <summary>The Amazon Cognito identity that invoked the function; null otherwise.</summary>
    ICognitoIdentity? Identity { get; }

    /// <summary>The ARN that was invoked, with its alias or version if one was named.</summary>
    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    /// <summary>The memory configured for the function, in MB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>Time left before Lambda ends the invocation; never negative.</summary>
    TimeSpan RemainingTime { get; }

    /// <summary>The X-Ray trace id of the invocation, when there is one.</summary>
    string? TraceId => null;
}
