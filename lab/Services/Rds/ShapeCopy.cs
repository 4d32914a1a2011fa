using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Dbre.Lab.Services.Rds;

/// <summary>Copies response shapes, so that a caller in the same process never holds the service's own state.</summary>
internal static class ShapeCopy
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    internal static T Of<T>(T shape)
        where T : class, new()
    {
        var copy = new T();
        foreach (var property in Properties.GetOrAdd(typeof(T), t => [.. t.GetProperties().Where(p => p.CanRead && p.CanWrite)]))
        {
            var value = property.GetValue(shape);
            property.SetValue(copy, value is IList list ? Activator.CreateInstance(value.GetType(), list) : value);
        }

        return copy;
    }
}
