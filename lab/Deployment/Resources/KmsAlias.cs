using Amazon.KeyManagementService.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class KmsAlias() : ResourceType("AWS::KMS::Alias")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new CreateAliasRequest { AliasName = properties.Text("AliasName"), TargetKeyId = properties.Text("TargetKeyId") };
        return async context =>
        {
            context.RefuseChange(Name);
            await context.Invoke("kms", request).ConfigureAwait(false);
            return Made(request.AliasName);
        };
    }
}
