using System.Text.Json.Nodes;

namespace Dbre.Lab.Tests.Testing;

/// <summary>Policy files for one test each, selecting that test's databases by name.</summary>
internal static class Policies
{
    /// <param name="names">A glob of the databases that it selects.</param>
    /// <param name="copies">Where to; the recovery Region under its key unless given.</param>
    public static JsonObject Of(string name, string names, int daily = 7, int proofEveryDays = 1, params JsonObject[] copies) => new()
    {
        ["policies"] = new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["select"] = new JsonObject { ["names"] = new JsonArray(names) },
            ["schedule"] = new JsonObject { ["cron"] = "cron(0 3 * * ? *)", ["timeZone"] = "UTC" },
            ["copies"] = copies.Length == 0 ? new JsonArray(Copy("alias/dbre")) : [.. copies],
            ["retention"] = new JsonObject { ["daily"] = daily },
            ["proof"] = new JsonObject { ["everyDays"] = proofEveryDays },
            ["objectives"] = new JsonObject { ["rpoHours"] = 26, ["rtoMinutes"] = 60 },
        }),
    };

    public static JsonObject Copy(string kmsKey, string region = NightLab.RecoveryRegion, string? account = null)
    {
        var copy = new JsonObject { ["region"] = region, ["kmsKey"] = kmsKey };
        if (account is not null)
        {
            copy["account"] = account;
        }

        return copy;
    }
}
