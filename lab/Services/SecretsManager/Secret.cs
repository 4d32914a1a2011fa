namespace Dbre.Lab.Services.SecretsManager;

/// <summary>One version of a secret's value.</summary>
internal sealed record SecretVersion(string Id, string? Text, byte[]? Binary, DateTimeOffset Created)
{
    internal bool SameValue(string? text, byte[]? binary) =>
        Text == text && (Binary ?? []).AsSpan().SequenceEqual(binary ?? []);

    /// <summary>Never the value.</summary>
    public override string ToString() => $"version {Id}";
}

/// <summary>A secret: versions, and stages that each name one of them. AWSCURRENT is on one version always; where it was before is AWSPREVIOUS.</summary>
internal sealed class Secret(string account, string region, string name, string suffix, DateTimeOffset created)
{
    internal const string Current = "AWSCURRENT", Previous = "AWSPREVIOUS";

    private readonly SortedDictionary<string, SecretVersion> versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> stages = new(StringComparer.Ordinal);

    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Name { get; } = name;
    internal string Arn { get; } = $"arn:aws:secretsmanager:{region}:{account}:secret:{name}-{suffix}";
    internal DateTimeOffset Created { get; } = created;
    internal DateTimeOffset Changed { get; set; } = created;
    internal DateTimeOffset? Accessed { get; set; }
    internal DateTimeOffset? DeletionAt { get; set; }
    internal string? Description { get; set; }

    /// <summary>The service that made it and alone changes it; null is the customer's own.</summary>
    internal string? Owner { get; init; }

    internal string? KmsKeyId { get; set; }
    internal SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    internal SecretVersion? ById(string id) => versions.GetValueOrDefault(id);

    internal SecretVersion? ByStage(string stage) => stages.TryGetValue(stage, out var id) ? versions[id] : null;

    internal List<string> StagesOf(string id) => [.. stages.Where(s => s.Value == id).Select(s => s.Key)];

    internal Dictionary<string, List<string>> VersionsToStages() =>
        versions.Keys.Select(id => (Id: id, Stages: StagesOf(id))).Where(v => v.Stages.Count > 0).ToDictionary(v => v.Id, v => v.Stages, StringComparer.Ordinal);

    internal void Add(SecretVersion version, IReadOnlyList<string> newStages, DateTimeOffset now)
    {
        versions.Add(version.Id, version);
        foreach (var stage in newStages)
        {
            if (stage == Current && stages.TryGetValue(Current, out var before))
            {
                stages[Previous] = before;
            }

            stages[stage] = version.Id;
        }

        // A version without a stage is deprecated; AWS keeps some a while, and nothing may rely on that.
        foreach (var id in versions.Keys.Where(id => !stages.ContainsValue(id)).ToList())
        {
            versions.Remove(id);
        }

        Changed = now;
    }
}
