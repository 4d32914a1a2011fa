using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Testing;

/// <summary>Plans as a selection would make them; seven days are kept.</summary>
internal static class Plans
{
    public static DatabasePlan Of(string database, DatabaseKind kind = DatabaseKind.Instance, params TargetPlan[] targets) => new(
        database, kind, kind == DatabaseKind.Cluster ? "aurora-postgresql" : "postgres", $"arn:{database}", "us-east-1", "nightly", $"{database}-nightly", "2026-11-21T03:00:00.000Z",
        null, null, null, "10.0.0.1", 5432, true, new Retention(7, 0, 0, 0), targets.Length == 0 ? [Target("eu-west-1")] : targets, new Dictionary<string, string>());

    public static TargetPlan Target(string region, int? seconds = null, string? account = null) => new(region, account, "alias/dbre", true, null, null, seconds);
}
