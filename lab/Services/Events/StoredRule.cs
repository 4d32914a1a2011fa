using Amazon.EventBridge;
using Dbre.Lab.Services.Events.Patterns;

namespace Dbre.Lab.Services.Events;

/// <summary>A rule of an account's default bus, with its targets by id.</summary>
internal sealed class StoredRule(string account, string region, string name)
{
    public string Account { get; } = account;

    public string Region { get; } = region;

    public string Name { get; } = name;

    public string Arn { get; } = $"arn:aws:events:{region}:{account}:rule/{name}";

    public required EventPattern Pattern { get; set; }

    public RuleState State { get; set; } = RuleState.ENABLED;

    public string? Description { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RuleTarget> Targets { get; } = new(StringComparer.Ordinal);

    public bool Enabled => State == RuleState.ENABLED;
}
