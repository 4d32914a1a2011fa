namespace Dbre.Lab.Services.Identity;

/// <summary>What a set of policies says to a request.</summary>
internal readonly record struct Verdict(bool Denied, string? Policy, PolicyStatement? Statement, string? ActionPattern)
{
    internal bool Allowed => !Denied && Statement is not null;
}

/// <summary>Policy evaluation: an explicit Deny wins over any Allow; without an Allow the answer is no.</summary>
internal static class PolicyEvaluation
{
    internal static Verdict Identity(
        IReadOnlyDictionary<string, PolicyDocument> policies, string action, string resource, IReadOnlyDictionary<string, string> values)
    {
        var verdict = default(Verdict);
        foreach (var (name, policy) in policies)
        {
            foreach (var statement in policy.Statements)
            {
                if ((statement.Allow && verdict.Statement is not null) || statement.ActionFor(action) is not { } pattern)
                {
                    continue;
                }

                if (statement.CoversResource(resource) && statement.ConditionsHold(values))
                {
                    verdict = new Verdict(!statement.Allow, name, statement, pattern);
                    if (verdict.Denied)
                    {
                        return verdict;
                    }
                }
            }
        }

        return verdict;
    }

    /// <summary>What a resource's own policy says: the strongest mention of the principal in an Allow, or a denial.</summary>
    internal static (bool Denied, Mention Allowed) Resource(
        PolicyDocument policy, Principal principal, string action, string resource, IReadOnlyDictionary<string, string> values)
    {
        var allowed = Mention.None;
        foreach (var statement in policy.Statements)
        {
            var mention = statement.Principals?.Of(principal) ?? Mention.None;
            if (mention == Mention.None || statement.ActionFor(action) is null || !statement.CoversResource(resource) || !statement.ConditionsHold(values))
            {
                continue;
            }

            if (!statement.Allow)
            {
                return (true, Mention.None);
            }

            allowed = mention > allowed ? mention : allowed;
        }

        return (false, allowed);
    }
}
