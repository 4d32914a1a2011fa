using System.Globalization;

namespace Dbre.Functions.Restore;

/// <summary>Whether something can be restored to a second: of a database or a table alike.</summary>
internal static class RestorableSecond
{
    /// <summary>What is wrong with a time, as a sentence; null when nothing is.</summary>
    /// <param name="to">Null is the latest, which is always right.</param>
    /// <param name="earliest">Where the window begins; null is not known.</param>
    /// <param name="latest">Where it ends.</param>
    /// <param name="older">What keeps states that are older than the window.</param>
    public static string? Problem(DateTimeOffset? to, DateTimeOffset? earliest, DateTimeOffset? latest, DateTimeOffset now, string older) =>
        to > now ? $"to is {Written(to.Value)}, which is in the future; it is {Written(now)} now."
        : to > latest ? $"to is {Written(to.Value)}; the latest that can be restored is {Written(latest.Value)}, so wait a little or say 'latest'."
        : to < earliest ? $"to is {Written(to.Value)}; the earliest that can be restored is {Written(earliest.Value)}. Older states are in its {older}."
        : null;

    public static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
