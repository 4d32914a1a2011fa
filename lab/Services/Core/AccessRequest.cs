using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services;

/// <summary>One question to IAM: may the caller do this to that.</summary>
/// <param name="Action"><c>rds:CopyDBSnapshot</c></param>
/// <param name="Resource">The ARN touched, or <c>*</c> where AWS has no resource scope.</param>
public sealed record AccessRequest(string Action, string Resource)
{
    /// <summary>The policy attached to the resource itself (key policy, bucket policy, topic policy), when it has one.</summary>
    public PolicyDocument? ResourcePolicy { get; init; }

    /// <summary>The account that owns the resource, when it may differ from the caller's: then both sides must allow.</summary>
    public string? ResourceAccount { get; init; }

    /// <summary>True for a KMS key: its policy alone decides, and identity policies count only when it names the caller's account.</summary>
    public bool ResourcePolicyDecides { get; init; }

    /// <summary>Condition keys of this request beyond those every request has: <c>sts:ExternalId</c>, <c>kms:ViaService</c>, …</summary>
    public IReadOnlyDictionary<string, string> Conditions { get; init; } = new Dictionary<string, string>();
}
