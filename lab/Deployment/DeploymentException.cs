namespace Dbre.Lab.Deployment;

/// <summary>A template that the lab cannot deploy as CloudFormation would. The message names the stack, the logical id and what it is about.</summary>
public sealed class DeploymentException : Exception
{
    public DeploymentException(string message) : base(message)
    {
    }

    public DeploymentException(string message, Exception cause) : base(message, cause)
    {
    }
}
