using System.Reflection;
using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Functions.Runtime;

/// <summary>The functions of an assembly: every class with a method marked <see cref="LambdaFunctionAttribute"/>, by class name.</summary>
public sealed class FunctionCatalog(Assembly functions)
{
    private readonly Dictionary<string, MethodInfo> handlers = functions.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.IsDefined(typeof(LambdaFunctionAttribute)))
        .ToDictionary(method => method.DeclaringType!.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => handlers.Keys.Order(StringComparer.Ordinal);

    /// <summary>The handler of a function: JSON in, JSON out, its class made from the services. What may work later is thrown as <see cref="TransientException"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such function.</exception>
    public Func<Stream, ILambdaContext, Task<Stream>> Handler(string name, IServiceProvider services)
    {
        if (!handlers.TryGetValue(name, out var method))
        {
            throw new InvalidOperationException($"ANNOTATIONS_HANDLER is '{name}'; allowed are {string.Join(", ", Names)}.");
        }

        var requestType = method.GetParameters()[0].ParameterType;
        var function = ActivatorUtilities.CreateInstance(services, method.DeclaringType!);
        return async (input, context) =>
        {
            var request = await JsonSerializer.DeserializeAsync(input, requestType, FunctionJson.Options).ConfigureAwait(false)
                ?? throw new JsonException($"The event is null; {name} takes a {requestType.Name}.");
            try
            {
                return await Answer(method, function, request, context).ConfigureAwait(false);
            }
            catch (Exception failed) when (TransientException.Covers(failed))
            {
                throw new TransientException(failed.Message, failed);
            }
        };
    }

    private static async Task<Stream> Answer(MethodInfo method, object function, object request, ILambdaContext context)
    {
        var task = (Task)method.Invoke(function, BindingFlags.DoNotWrapExceptions, null, [request, context], null)!;
        await task.ConfigureAwait(false);
        var result = task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task);
        var output = new MemoryStream();
        JsonSerializer.Serialize(output, result, result!.GetType(), FunctionJson.Options);
        output.Position = 0;
        return output;
    }
}
