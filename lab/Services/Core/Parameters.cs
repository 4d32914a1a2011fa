using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Amazon.Runtime;

namespace Dbre.Lab.Services;

/// <summary>Refuses what an emulated operation does not handle: silence about a parameter would be a lie about AWS.</summary>
public static class Parameters
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    /// <summary>Refuses every parameter that is set and is not one of <paramref name="handled"/>.</summary>
    /// <param name="request">A request, or a structure inside one.</param>
    /// <exception cref="ServiceException">ValidationException; the message names the parameter and the operation.</exception>
    public static void Refuse(object request, params ReadOnlySpan<string> handled)
    {
        foreach (var property in Properties.GetOrAdd(request.GetType(), Settable))
        {
            if (!handled.Contains(property.Name) && IsSet(property.GetValue(request)))
            {
                throw new ServiceException(
                    "ValidationException",
                    $"The lab does not emulate the parameter {property.Name} of {request.GetType().Name.Replace("Request", "", StringComparison.Ordinal)}; handled are: {string.Join(", ", handled.ToArray())}.");
            }
        }
    }

    private static PropertyInfo[] Settable(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.CanWrite && p.GetIndexParameters().Length == 0)
            .Where(p => p.DeclaringType != typeof(AmazonWebServiceRequest))
            // AWS's own clients add IsLimitSet and the like beside Limit.
            .Where(p => !(p.PropertyType == typeof(bool) && p.Name.StartsWith("Is", StringComparison.Ordinal) && p.Name.EndsWith("Set", StringComparison.Ordinal)))
            .Where(p => !p.IsDefined(typeof(ObsoleteAttribute)))];

    private static bool IsSet(object? value) => value switch
    {
        null => false,
        string text => text.Length > 0,
        ICollection collection => collection.Count > 0,
        _ => true,
    };
}
