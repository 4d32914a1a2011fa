using Amazon.KeyManagementService.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class KmsKey() : ResourceType("AWS::KMS::Key")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new CreateKeyRequest { Description = properties.TextOrNull("Description"), Policy = properties.Document("KeyPolicy") };
        var rotates = properties.Flag("EnableKeyRotation");
        return async context =>
        {
            if (context.Before is { } before)
            {
                await context.Invoke("kms", new PutKeyPolicyRequest { KeyId = before.PhysicalId, PolicyName = "default", Policy = request.Policy }).ConfigureAwait(false);
                return before;
            }

            var made = await context.Invoke<CreateKeyResponse>("kms", request).ConfigureAwait(false);
            if (rotates == true)
            {
                await context.Invoke("kms", new EnableKeyRotationRequest { KeyId = made.KeyMetadata.KeyId }).ConfigureAwait(false);
            }

            return Made(made.KeyMetadata.KeyId, ("Arn", made.KeyMetadata.Arn), ("KeyId", made.KeyMetadata.KeyId));
        };
    }
}
