using System.Reflection;

using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

using AWS.Lambda.Powertools.Logging;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Functions.Runtime;

/// <summary>The one entry of a function's process: picks the handler that <c>ANNOTATIONS_HANDLER</c> names and serves Lambda's Runtime API with it.</summary>
public static class FunctionHost
{
    public static async Task Run(Assembly functions, Settings settings, Action<IServiceCollection> compose)
    {
        Func<Stream, ILambdaContext, Task<Stream>>? handler = null;
        // Made at the first event, or rather before it: an error here is reported as an init error, with its reason.
        Task<bool> Initialize()
        {
            var services = new ServiceCollection();
            compose(services);
            handler = new FunctionCatalog(functions).Handler(settings.Handler, services.BuildServiceProvider());
            return Task.FromResult(true);
        }

        async Task<Stream> Handle(Stream input, ILambdaContext context)
        {
            Logger.AppendKey("function_request_id", context.AwsRequestId);
            try
            {
                var output = await handler!(input, context).ConfigureAwait(false);
                Logger.LogInformation($"{settings.Handler} answered.");
                return output;
            }
            catch (Exception failed)
            {
                Logger.LogError(failed, $"{settings.Handler} failed.");
                throw;
            }
        }

        using var bootstrap = LambdaBootstrapBuilder.Create(Handle).UseBootstrapHandler(Initialize).Build();
        await bootstrap.RunAsync().ConfigureAwait(false);
    }
}
