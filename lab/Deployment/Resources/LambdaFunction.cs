using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class LambdaFunction() : ResourceType("AWS::Lambda::Function")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var code = properties.Object("Code")!;
        var bucket = code.Text("S3Bucket");
        var key = code.Text("S3Key");
        var vpc = properties.Object("VpcConfig");
        var request = new CreateFunctionRequest
        {
            FunctionName = properties.Text("FunctionName"),
            Description = properties.TextOrNull("Description"),
            Runtime = Runtime.FindValue(properties.Text("Runtime")),
            Architectures = properties.Texts("Architectures"),
            Handler = properties.Text("Handler"),
            Role = properties.Text("Role"),
            Timeout = properties.Number("Timeout"),
            MemorySize = properties.Number("MemorySize"),
            Environment = new Amazon.Lambda.Model.Environment { Variables = properties.Object("Environment")?.Map("Variables") ?? [] },
            TracingConfig = properties.Object("TracingConfig") is { } tracing ? new TracingConfig { Mode = TracingMode.FindValue(tracing.Text("Mode")) } : null,
            LoggingConfig = properties.Object("LoggingConfig") is { } logging ? new LoggingConfig { LogGroup = logging.Text("LogGroup") } : null,
            DeadLetterConfig = properties.Object("DeadLetterConfig") is { } undelivered ? new DeadLetterConfig { TargetArn = undelivered.Text("TargetArn") } : null,
            VpcConfig = vpc is null ? null : new VpcConfig { SubnetIds = vpc.Texts("SubnetIds"), SecurityGroupIds = vpc.Texts("SecurityGroupIds") },
        };
        return async context =>
        {
            context.World.Artifacts.Publish(bucket, key, context.Stack.Assets.GetValueOrDefault((bucket, key)) ?? throw new DeploymentException(
                $"{context.Stack.Name}: {context.LogicalId} ({Name}) has its code in s3://{bucket}/{key}, which is no asset of the stack."));
            if (context.Before is { } before)
            {
                await Update(context, request, bucket, key).ConfigureAwait(false);
                return before;
            }

            request.Code = new FunctionCode { S3Bucket = bucket, S3Key = key };
            var made = await context.Invoke<CreateFunctionResponse>("lambda", request).ConfigureAwait(false);
            return Made(request.FunctionName, ("Arn", made.FunctionArn));
        };
    }

    private static async Task Update(ResourceContext context, CreateFunctionRequest wanted, string bucket, string key)
    {
        await context.Invoke("lambda", new UpdateFunctionConfigurationRequest
        {
            FunctionName = wanted.FunctionName, Description = wanted.Description, Runtime = wanted.Runtime, Handler = wanted.Handler, Role = wanted.Role,
            Timeout = wanted.Timeout, MemorySize = wanted.MemorySize, Environment = wanted.Environment, TracingConfig = wanted.TracingConfig,
            LoggingConfig = wanted.LoggingConfig, DeadLetterConfig = wanted.DeadLetterConfig, VpcConfig = wanted.VpcConfig,
        }).ConfigureAwait(false);
        await context.Invoke("lambda", new UpdateFunctionCodeRequest
        {
            FunctionName = wanted.FunctionName, S3Bucket = bucket, S3Key = key, Architectures = wanted.Architectures,
        }).ConfigureAwait(false);
    }
}
