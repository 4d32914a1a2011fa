using Amazon.Runtime;

using Dbre.Lab.Services;

namespace Dbre.Lab.Deployment;

/// <summary>Where a resource is made, and how to call the emulated services there.</summary>
/// <param name="World">The emulated cloud.</param>
/// <param name="Caller">An administrator of the stack's account, in the stack's Region.</param>
/// <param name="Stack">The stack.</param>
/// <param name="LogicalId">The resource.</param>
/// <param name="Before">What an earlier deployment made of it; null the first time.</param>
public sealed record ResourceContext(World World, CallContext Caller, StackArtifact Stack, string LogicalId, DeployedResource? Before)
{
    public string Account => Stack.Account;

    public string Region => Stack.Region;

    public async Task<TResponse> Invoke<TResponse>(string service, AmazonWebServiceRequest request) where TResponse : AmazonWebServiceResponse =>
        (TResponse)await World.Invoke(Caller, service, request).ConfigureAwait(false);

    public Task Invoke(string service, AmazonWebServiceRequest request) => World.Invoke(Caller, service, request);

    /// <summary>For a resource type that cannot be changed once it is made.</summary>
    public void RefuseChange(string type)
    {
        if (Before is not null)
        {
            throw new DeploymentException(
                $"{Stack.Name}: {LogicalId} ({type}) is there with other properties, and the lab cannot change this type in place; begin anew with dbre lab down.");
        }
    }
}
