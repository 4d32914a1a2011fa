using Amazon.CDK.AWS.Lambda;

using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>What a function gets from the stack that it is deployed to.</summary>
/// <param name="Settings">For the VPC.</param>
/// <param name="Names">The stack's names.</param>
/// <param name="Arns">Fills in the ARNs of its permissions.</param>
/// <param name="Code">A domain's asset; one per stack, however many functions share it.</param>
/// <param name="Environment">Its environment variables.</param>
public sealed record FunctionPlacement(
    Settings Settings, Deployed Names, ArnFiller Arns, Func<string, CfnFunction.CodeProperty> Code, Func<FunctionSpec, IDictionary<string, string>> Environment)
{
    /// <summary>Roles are global in an account, so that a second Region's needs another name.</summary>
    public string RoleSuffix { get; init; } = "";

    /// <summary>A queue for the events of asynchronous invocations that failed every time; null for a function that is invoked synchronously only.</summary>
    public string? FailedEventsQueueArn { get; init; }
}
