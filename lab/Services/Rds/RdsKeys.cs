namespace Dbre.Lab.Services.Rds;

/// <summary>What RDS asks of KMS: the key that is to encrypt something, and whether the caller may use it.</summary>
internal sealed class RdsKeys(World world)
{
    internal const string Default = "alias/aws/rds";
    private const string DefaultOfSecrets = "alias/aws/secretsmanager";

    private IKeys? Keys => world.Services.Values.OfType<IKeys>().SingleOrDefault();

    /// <summary>The ARN of a key that the caller may encrypt with in its Region.</summary>
    /// <param name="name">Id, ARN or alias; null for the account's default key.</param>
    /// <param name="which">For the message: "The target KMS key".</param>
    /// <exception cref="ServiceException">KMSKeyNotAccessibleFault: missing, disabled, of another Region, or not allowed to the caller.</exception>
    internal string Encrypting(CallContext call, string? name, string which = "Specified KMS key")
    {
        var asked = name ?? Default;
        var key = Keys?.Resolve(call.Account, call.Region, asked);
        if (key is not { Enabled: true } || (key.AwsManaged && key.Account != call.Account))
        {
            throw RdsErrors.KeyNotAccessible(which, asked);
        }

        Demand(call, key, which, asked, "rds", "kms:DescribeKey", "kms:CreateGrant");
        return key.Arn;
    }

    /// <summary>The key of a secret that RDS is to keep: its ARN, and whether it is a customer's.</summary>
    /// <param name="name">Id, ARN or alias; null for the account's default key of Secrets Manager.</param>
    /// <exception cref="ServiceException">KMSKeyNotAccessibleFault: missing, disabled, of another Region, or not allowed to the caller.</exception>
    internal (string Arn, bool OfCustomer) OfSecret(CallContext call, string? name)
    {
        const string which = "The MasterUserSecret KMS key";
        var asked = name ?? DefaultOfSecrets;
        if (Keys?.Resolve(call.Account, call.Region, asked) is not { Enabled: true } key || (key.AwsManaged && key.Account != call.Account))
        {
            throw RdsErrors.KeyNotAccessible(which, asked);
        }

        // Secrets Manager encrypts in the caller's name (RDS User Guide, "Permissions required for Secrets Manager integration").
        Demand(call, key, which, asked, "rds", "kms:DescribeKey", "kms:CreateGrant");
        Demand(call, key, which, asked, "secretsmanager", "kms:Decrypt", "kms:GenerateDataKey");
        return (key.Arn, !key.AwsManaged);
    }

    /// <summary>Refuses unless what was encrypted under a key can be read by the caller's account: an own or shared key that is enabled.</summary>
    /// <exception cref="ServiceException">KMSKeyNotAccessibleFault.</exception>
    internal void RequireReadable(CallContext call, string keyArn, string which = "The source snapshot KMS key")
    {
        var region = Arn.TryParse(keyArn)!.Region;
        if (Keys?.Resolve(call.Account, region, keyArn) is not { Enabled: true } key || !key.PolicyAllows(call.Account))
        {
            throw RdsErrors.KeyNotAccessible(which, keyArn);
        }

        // The key's policy lets the other account; that account must let its caller too (RDS User Guide, "Sharing encrypted snapshots").
        if (key.Account != call.Account)
        {
            Demand(call, key, which, keyArn, "rds", "kms:DescribeKey", "kms:Decrypt", "kms:CreateGrant");
        }
    }

    /// <summary>Whether a key is an account's default key, which no other account can ever use.</summary>
    internal bool IsDefault(string keyArn) => Arn.TryParse(keyArn) is { } arn && Keys?.Resolve(arn.Account, arn.Region, keyArn) is { AwsManaged: true };

    // A key of the customer's is used in the caller's name, so the caller must be allowed to (RDS User Guide, "Authorizing use of a customer managed key").
    private static void Demand(CallContext call, KeyFact key, string which, string asked, string service, params string[] actions)
    {
        if (key.AwsManaged)
        {
            return;
        }

        try
        {
            foreach (var action in actions)
            {
                key.Authorize(call, action, service);
            }
        }
        catch (ServiceException denied) when (denied.Code == "AccessDenied")
        {
            throw new ServiceException("KMSKeyNotAccessibleFault", RdsErrors.KeyNotAccessible(which, asked).Message + " " + denied.Message);
        }
    }
}
