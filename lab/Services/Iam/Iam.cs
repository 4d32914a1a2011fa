using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services;

/// <summary>
/// The accounts' identities: users with access keys, roles with their policies, temporary credentials. It evaluates policies for
/// <see cref="CallContext.Authorize(string, ReadOnlySpan{string})"/> and keeps which permissions were used and which requests were refused.
/// IAM is global: names are per account, not per Region.
/// </summary>
public sealed class Iam(World world)
{
    private const string KeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
    private static readonly Dictionary<string, PolicyDocument> NoPolicies = [];

    private readonly Dictionary<string, IamRole> roles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IamUser> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccessKey> keys = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> expiries = new();
    private readonly PermissionLedger ledger = new();

    /// <summary>Every (role, statement, action, resource) that let a request through.</summary>
    public IReadOnlyCollection<UsedPermission> UsedPermissions
    {
        get
        {
            lock (world.Gate)
            {
                return [.. ledger.Used];
            }
        }
    }

    /// <summary>Every refused request, in order.</summary>
    public IReadOnlyList<Denial> Denials
    {
        get
        {
            lock (world.Gate)
            {
                return [.. ledger.Denials];
            }
        }
    }

    /// <summary>All roles, by ARN.</summary>
    public IReadOnlyList<IamRole> Roles
    {
        get
        {
            lock (world.Gate)
            {
                return [.. roles.Values.OrderBy(r => r.Arn, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The action patterns of all roles' Allow statements that nothing has used yet.</summary>
    public IReadOnlyList<HeldPermission> NeverUsed()
    {
        lock (world.Gate)
        {
            return [.. roles.Values.OrderBy(r => r.Arn, StringComparer.Ordinal).SelectMany(ledger.NeverUsed)];
        }
    }

    /// <summary>Adds a user with one long-term access key; without policies it is an administrator of its account.</summary>
    public IamUser CreateUser(string account, string name, string accessKeyId, string secret, IReadOnlyDictionary<string, PolicyDocument>? policies = null)
    {
        var user = new IamUser(account, name, policies ?? new Dictionary<string, PolicyDocument> { ["administrator"] = PolicyDocument.Administrator });
        lock (world.Gate)
        {
            if (!users.TryAdd(user.Arn, user) || !keys.TryAdd(accessKeyId, new AccessKey(accessKeyId, secret, null, null, new Principal(user.Arn, account))))
            {
                throw new ServiceException("EntityAlreadyExists", $"User with name {name} or its access key already exists.", 409);
            }

            return user;
        }
    }

    /// <summary>Makes a role.</summary>
    /// <param name="trustPolicy">The AssumeRolePolicyDocument.</param>
    /// <exception cref="ServiceException">EntityAlreadyExists; MalformedPolicyDocument.</exception>
    public IamRole CreateRole(string account, string name, string trustPolicy, string? description = null)
    {
        var role = new IamRole(account, name, PolicyDocument.Parse(trustPolicy), description);
        lock (world.Gate)
        {
            return roles.TryAdd(role.Arn, role)
                ? role
                : throw new ServiceException("EntityAlreadyExists", $"Role with name {name} already exists.", 409);
        }
    }

    /// <summary>Adds or replaces an inline policy of a role.</summary>
    public void PutRolePolicy(string roleArn, string policyName, string policy)
    {
        var document = PolicyDocument.Parse(policy);
        lock (world.Gate)
        {
            Role(roleArn).Put(policyName, document);
        }
    }

    public void AttachRolePolicy(string roleArn, string policyArn)
    {
        lock (world.Gate)
        {
            Role(roleArn).Put(policyArn, ManagedPolicies.ByArn(policyArn));
        }
    }

    public void DeleteRolePolicy(string roleArn, string policyName)
    {
        lock (world.Gate)
        {
            Role(roleArn).Remove(policyName);
        }
    }

    /// <summary>Removes a role; credentials made from it stop working.</summary>
    public void DeleteRole(string roleArn)
    {
        lock (world.Gate)
        {
            roles.Remove(Role(roleArn).Arn);
        }
    }

    /// <exception cref="ServiceException">NoSuchEntity, naming the role.</exception>
    public IamRole Role(string roleArn)
    {
        lock (world.Gate)
        {
            return FindRole(roleArn) ?? throw new ServiceException("NoSuchEntity", $"The role {roleArn} cannot be found.", 404);
        }
    }

    public IamRole? FindRole(string roleArn)
    {
        lock (world.Gate)
        {
            return roles.GetValueOrDefault(roleArn);
        }
    }

    /// <summary>
    /// Temporary credentials of a role session, as a Lambda function gets them or AssumeRole answers them. The caller has checked the trust policy
    /// (<see cref="CheckTrust"/> for a service).
    /// </summary>
    public AccessKey IssueCredentials(string roleArn, string sessionName, TimeSpan duration)
    {
        lock (world.Gate)
        {
            ForgetExpired();
            var key = new AccessKey(
                "ASIA" + world.NewToken(16, KeyAlphabet), world.NewToken(40, SecretAlphabet), world.NewToken(120, SecretAlphabet),
                world.Now + duration, Session(Role(roleArn), sessionName));
            keys.Add(key.AccessKeyId, key);
            expiries.Enqueue(key.AccessKeyId, key.Expiration!.Value);
            return key;
        }
    }

    /// <summary>Refuses unless a role's trust policy lets an AWS service assume it, as Lambda, Step Functions and Scheduler check on creation.</summary>
    /// <param name="service"><c>lambda.amazonaws.com</c></param>
    /// <exception cref="ServiceException">NoSuchEntity, or AccessDenied naming role and service.</exception>
    public void CheckTrust(string roleArn, string service)
    {
        var role = Role(roleArn);
        if (!Trusts(role, new Principal(service, role.Account, Service: service), new Dictionary<string, string>()).Allowed)
        {
            throw new ServiceException(ServiceErrors.AccessDenied, $"The trust policy of the role {roleArn} does not allow {service} to assume it.", 403);
        }
    }

    /// <summary>The context in which a role acts, for one emulated service calling another on its behalf.</summary>
    public CallContext ContextForRole(string roleArn, string region, string sessionName) =>
        Context(Session(Role(roleArn), sessionName), region);

    /// <summary>The context in which an AWS service acts for itself (EventBridge to a topic): only resource policies can allow it.</summary>
    /// <param name="account">The account that it acts for; policies ask for it as aws:SourceAccount.</param>
    /// <param name="sourceArn">The rule or topic that it acts for; policies ask for it as aws:SourceArn.</param>
    public CallContext ContextForService(string service, string account, string region, string? sourceArn = null) =>
        Context(new Principal(service, account, Service: service, SourceArn: sourceArn), region);

    /// <summary>The context of a user, for set-up code which calls services without the wire.</summary>
    public CallContext ContextForUser(string userArn, string region)
    {
        lock (world.Gate)
        {
            return users.TryGetValue(userArn, out var user)
                ? Context(new Principal(user.Arn, user.Account), region)
                : throw new ServiceException("NoSuchEntity", $"The user {userArn} cannot be found.", 404);
        }
    }

    internal AccessKey? FindKey(string accessKeyId)
    {
        lock (world.Gate)
        {
            return keys.GetValueOrDefault(accessKeyId);
        }
    }

    /// <summary>Whether a trust policy admits a principal, and whether by its own name.</summary>
    internal static (bool Allowed, bool ByName) Trusts(IamRole role, Principal principal, IReadOnlyDictionary<string, string> values)
    {
        var (denied, mention) = PolicyEvaluation.Resource(role.Trust, principal, "sts:AssumeRole", role.Arn, values);
        return (!denied && mention != Mention.None, mention == Mention.ByName);
    }

    internal CallContext Context(Principal principal, string region)
    {
        return new CallContext(
            principal.Account, region, principal.Arn, new PrincipalPermissions(principal, () => PoliciesOf(principal), ledger, world), world.NewId());
    }

    // A while after they expired: until then their use is answered as expired, not as unknown.
    private void ForgetExpired()
    {
        while (expiries.TryPeek(out var id, out var expired) && world.Now - expired > TimeSpan.FromHours(1))
        {
            expiries.Dequeue();
            keys.Remove(id);
        }
    }

    private static Principal Session(IamRole role, string sessionName) =>
        new($"arn:aws:sts::{role.Account}:assumed-role/{role.Name}/{sessionName}", role.Account, role.Arn);

    private IReadOnlyDictionary<string, PolicyDocument> PoliciesOf(Principal principal) =>
        principal.RoleArn is { } role ? roles.GetValueOrDefault(role)?.Policies ?? NoPolicies
        : principal.Service is null && users.TryGetValue(principal.Arn, out var user) ? user.Policies
        : NoPolicies;
}
