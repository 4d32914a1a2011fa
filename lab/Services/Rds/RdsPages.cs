namespace Dbre.Lab.Services.Rds;

/// <summary>Pages of RDS's Describes: 20 to 100 records, 100 when not said; the Marker continues.</summary>
internal static class RdsPages
{
    private const int Least = 20, Most = 100;

    /// <exception cref="ServiceException">InvalidParameterValue: MaxRecords out of range, or a Marker that is not of ours.</exception>
    internal static Page<T> Of<T>(IEnumerable<T> sorted, Func<T, string> key, int? maxRecords, string? marker)
    {
        RdsParameters.Within(maxRecords, Least, Most, "MaxRecords");
        return Page.Of(sorted.OrderBy(key, StringComparer.Ordinal), key, marker, maxRecords ?? Most, "InvalidParameterValue");
    }
}
