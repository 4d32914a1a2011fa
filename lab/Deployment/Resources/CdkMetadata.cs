namespace Dbre.Lab.Deployment.Resources;

/// <summary>The CDK's own usage report, which makes nothing.</summary>
internal sealed class CdkMetadata() : ResourceType("AWS::CDK::Metadata")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        _ = properties.TextOrNull("Analytics");
        return context => Task.FromResult(Made(context.LogicalId));
    }
}
