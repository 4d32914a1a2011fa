using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <summary>The tags of one resource, in order of the key. RDS allows 50; keys that begin with <c>aws:</c> are AWS's own.</summary>
internal sealed class TagSet
{
    private const int Most = 50, LongestKey = 128, LongestValue = 256;
    private const string Reserved = "aws:";
    private readonly SortedDictionary<string, string> tags = new(StringComparer.Ordinal);

    private TagSet()
    {
    }

    /// <summary>The tags of a request.</summary>
    /// <exception cref="ServiceException">InvalidParameterValue: a reserved, missing or too long key, a too long value, or too many.</exception>
    internal static TagSet Of(List<Tag>? given)
    {
        var set = new TagSet();
        set.Add(given);
        return set;
    }

    internal bool Any => tags.Count > 0;

    internal void Add(List<Tag>? given)
    {
        foreach (var tag in given ?? [])
        {
            if (string.IsNullOrEmpty(tag.Key) || tag.Key.Length > LongestKey)
            {
                throw RdsErrors.InvalidValue($"Invalid tag key '{tag.Key}': it must have 1 to {LongestKey} characters.");
            }

            if (tag.Key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
            {
                throw RdsErrors.InvalidValue($"Tag keys cannot start with the reserved prefix '{Reserved}': '{tag.Key}'.");
            }

            if (tag.Value?.Length > LongestValue)
            {
                throw RdsErrors.InvalidValue($"Invalid value of the tag '{tag.Key}': it must have at most {LongestValue} characters.");
            }

            tags[tag.Key] = tag.Value ?? "";
        }

        if (tags.Count > Most)
        {
            throw RdsErrors.InvalidValue($"A resource can have at most {Most} tags; there would be {tags.Count}.");
        }
    }

    /// <summary>What CopyTags carries over: all but AWS's own.</summary>
    internal void AddFrom(TagSet other)
    {
        foreach (var (key, value) in other.tags.Where(t => !t.Key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)))
        {
            tags.TryAdd(key, value);
        }
    }

    /// <summary>Sets a tag of AWS's own, such as <c>aws:cloudformation:stack-name</c>.</summary>
    internal void AddReserved(string key, string value) => tags[key] = value;

    internal void Remove(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            tags.Remove(key);
        }
    }

    /// <summary>As responses carry them; an empty list when there is none.</summary>
    internal List<Tag> ToList() => [.. tags.Select(t => new Tag { Key = t.Key, Value = t.Value })];
}
