namespace Dbre.Lab.Deployment.Resources;

internal sealed class S3BucketPolicy() : ResourceType("AWS::S3::BucketPolicy")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var bucket = properties.Text("Bucket");
        var policy = properties.Document("PolicyDocument")!;
        return async context =>
        {
            await context.PutToS3(bucket, "policy", policy, ("Content-Type", "application/json")).ConfigureAwait(false);
            return Made(context.LogicalId);
        };
    }
}
