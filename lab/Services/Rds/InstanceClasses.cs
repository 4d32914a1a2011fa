namespace Dbre.Lab.Services.Rds;

/// <summary>Instance classes that AWS sells: a part of its list, by family. Aurora has neither the small ones nor those for general use.</summary>
internal static class InstanceClasses
{
    private static readonly string[] Burstable = ["db.t3", "db.t4g"];
    private static readonly string[] General = ["db.m5", "db.m6g", "db.m6i", "db.m7g"];
    private static readonly string[] Memory = ["db.r5", "db.r6g", "db.r6i", "db.r7g"];
    private static readonly string[] Small = ["micro", "small"];
    private static readonly string[] Middle = ["medium", "large"];
    private static readonly string[] Extra = ["xlarge", "2xlarge"];
    private static readonly string[] Large = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

    private static readonly IReadOnlyList<string> OfInstances = [.. Of(Burstable, [.. Small, .. Middle, .. Extra]), .. Of(General, Large), .. Of(Memory, Large)];
    private static readonly IReadOnlyList<string> OfAurora = [.. Of(Burstable, Middle), .. Of(Memory, Large)];

    internal static IReadOnlyList<string> For(string engine) => engine.StartsWith("aurora-", StringComparison.Ordinal) ? OfAurora : OfInstances;

    private static IEnumerable<string> Of(string[] families, string[] sizes) => families.SelectMany(family => sizes.Select(size => $"{family}.{size}"));
}
