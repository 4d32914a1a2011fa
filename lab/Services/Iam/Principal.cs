namespace Dbre.Lab.Services.Identity;

/// <summary>Who makes a request.</summary>
/// <param name="Arn">The user's ARN, or the assumed-role session's.</param>
/// <param name="Account">The account whose resources it sees.</param>
/// <param name="RoleArn">The role behind a session; null for users and services.</param>
/// <param name="Service"><c>events.amazonaws.com</c> when an AWS service acts for itself; null otherwise.</param>
/// <param name="SourceArn">For which resource the service acts (the rule, the topic): resource policies ask for it as aws:SourceArn.</param>
public sealed record Principal(string Arn, string Account, string? RoleArn = null, string? Service = null, string? SourceArn = null)
{
    /// <summary>What the ledger of used permissions files it under.</summary>
    internal string PolicyOwner => RoleArn ?? Arn;
}
