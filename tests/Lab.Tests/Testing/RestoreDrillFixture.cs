using System.Text.Json.Nodes;

namespace Dbre.Lab.Tests.Testing;

/// <summary>A lab with two policies that drill: one that keeps signs of life in its databases, and one that promises an hour and does not.</summary>
public sealed class RestoreDrillFixture() : OwnPoliciesFixture(Both())
{
    private static JsonObject Both()
    {
        var nightly = Drilling(Policies.Of("nightly", "shop-*"), rpoHours: 26);
        nightly["policies"]![0]!["canary"] = true;
        nightly["policies"]!.AsArray().Add(Drilling(Policies.Of("archive", "archive-*"), rpoHours: 1)["policies"]![0]!.DeepClone());
        return nightly;
    }

    private static JsonObject Drilling(JsonObject policies, int rpoHours)
    {
        var policy = policies["policies"]![0]!;
        policy["objectives"]!["rpoHours"] = rpoHours;
        policy["drill"] = new JsonObject { ["perNight"] = 2, ["schedule"] = new JsonObject { ["cron"] = "cron(0 9 * * ? *)", ["timeZone"] = "UTC" } };
        return policies;
    }
}
