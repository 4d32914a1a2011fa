using System.Security.Cryptography;
using System.Text;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>Which databases a drill restores, to which second, and from which copy. Chance is drawn from the operation's name: a rerun draws the same.</summary>
public static class DrillChoice
{
    // So many draws find a window of minutes in a retention of weeks; the latest second is taken where none does.
    private const int MostDraws = 10_000;

    // RDS allows 63 characters in a name, and a cluster's instance has two more.
    private const int LongestName = 61;

    /// <summary>Those whose restore was proven longest ago come first, those that never were before them; then by name.</summary>
    /// <param name="provenAt">When a drill last proved each.</param>
    public static IReadOnlyList<Database> Order(IEnumerable<Database> databases, IReadOnlyDictionary<string, DateTimeOffset> provenAt) =>
        [.. databases.OrderBy(d => provenAt.TryGetValue(d.Id, out var at) ? at : DateTimeOffset.MinValue).ThenBy(d => d.Id, StringComparer.Ordinal)];

    /// <summary>
    /// A second of the window, each as likely as any other. Seconds are drawn from the whole retention until one is in the window: as the window
    /// moves on between two attempts, the same one is found as long as it can be restored at all.
    /// </summary>
    public static DateTimeOffset Second(string operationId, string database, DateTimeOffset scheduled, int retentionDays, RestorableWindow window)
    {
        var (from, span) = (Whole(scheduled), (ulong)TimeSpan.FromDays(retentionDays).TotalSeconds);
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var drawn = from.AddSeconds(-(double)(BitConverter.ToUInt64(Hash($"{operationId}/{database}/{draw}")) % span));
            if (drawn >= window.Earliest && drawn <= window.Latest)
            {
                return drawn;
            }
        }

        return Whole(window.Latest);
    }

    /// <summary>The name of what a drill restores at home.</summary>
    public static string Name(string operationId, string database)
    {
        var mark = Convert.ToHexStringLower(Hash($"{operationId}/{database}"))[..8];
        var most = LongestName - Marks.DrillPrefix.Length - mark.Length - 1;
        return $"{Marks.DrillPrefix}{database[..Math.Min(database.Length, most)].TrimEnd('-')}-{mark}";
    }

    /// <summary>The newest copy that was proven, of those places that the policy still copies to; in a Region of its own rather than another account at home.</summary>
    public static CatalogEntry? Copy(Policy policy, string home, IReadOnlyList<CatalogEntry> catalog) => catalog
        .Where(c => c is { ProvenAt: not null, ProvenBy: not null } && policy.Copies.Any(t => t.Region == c.Location.Region && t.Account == c.Location.Account))
        .OrderBy(c => c.Location.Region == home).ThenByDescending(c => c.CreatedAt).ThenBy(c => c.Location.ToString(), StringComparer.Ordinal).FirstOrDefault();

    private static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
