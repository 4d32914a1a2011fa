using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <summary>The Filters of a Describe: each names a field and the values it may have. A name that the operation does not know is refused.</summary>
internal static class RdsFilters
{
    /// <exception cref="ServiceException">InvalidParameterValue, naming the filter and those that are known.</exception>
    internal static IEnumerable<T> Apply<T>(IEnumerable<T> all, List<Filter>? filters, params (string Name, Func<T, IEnumerable<string?>> Values)[] known)
    {
        foreach (var filter in filters ?? [])
        {
            var match = known.FirstOrDefault(k => k.Name == filter.Name);
            if (match.Values is null)
            {
                throw RdsErrors.InvalidValue($"Unrecognized filter name: {filter.Name}; {(known.Length == 0 ? "none is" : "known are " + string.Join(", ", known.Select(k => k.Name)))} supported here.");
            }

            if (filter.Values is not { Count: > 0 })
            {
                throw RdsErrors.InvalidValue($"The filter {filter.Name} has no values.");
            }

            all = all.Where(t => match.Values(t).Any(v => v is not null && filter.Values.Contains(v, StringComparer.OrdinalIgnoreCase)));
        }

        return all;
    }
}
