using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Dbre.Lab.Deployment;

/// <summary>Stands for the attributes of a resource that is not made yet: each has a placeholder as its value.</summary>
internal sealed class AnyAttribute(string logicalId) : IReadOnlyDictionary<string, string>
{
    public int Count => 0;

    public IEnumerable<string> Keys => [];

    public IEnumerable<string> Values => [];

    public string this[string key] => $"{logicalId}.{key}";

    public bool ContainsKey(string key) => true;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = this[key];
        return true;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Enumerable.Empty<KeyValuePair<string, string>>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
