using System.Text.Json;
using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Master passwords that RDS makes itself and keeps in Secrets Manager. It rotates none: RotateMasterUserPassword is refused by name.</content>
public sealed partial class RdsService
{
    private const string PasswordAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-.:;<=>?[]^_{|}~";
    private const int PasswordLength = 28;

    /// <summary>Refuses what contradicts itself about who keeps the master password: RDS, or whoever says one.</summary>
    /// <param name="managed">What is asked for; null leaves it as it is.</param>
    /// <param name="now">The secret that there is already.</param>
    /// <exception cref="ServiceException">InvalidParameterCombination.</exception>
    private static void RequireOneKeeper(bool? managed, string? key, string? password, MasterUserSecret? now)
    {
        var wrong = (managed, password) switch
        {
            (true, not null) => "MasterUserPassword cannot be given when ManageMasterUserPassword is true.",
            (false, null) => "A MasterUserPassword value is required when ManageMasterUserPassword is false.",
            (null, not null) when now is not null => "MasterUserPassword cannot be given while the master password is managed in Secrets Manager; give ManageMasterUserPassword=false too.",
            _ when key is not null && managed != true => "A ManageMasterUserPassword value is required when MasterUserSecretKmsKeyId is specified.",
            _ when key is not null && now is not null => "MasterUserSecretKmsKeyId cannot be given: the master password is managed already, and the key of its secret cannot be changed.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw RdsErrors.InvalidCombination(wrong);
        }
    }

    /// <summary>Makes a password and its secret, in the caller's name.</summary>
    /// <param name="kind">The part of the secret's name: db, cluster.</param>
    /// <param name="arn">The database's.</param>
    private (MasterUserSecret Secret, string Password) KeepPassword(CallContext call, string kind, string arn, string user, string? key)
    {
        var (keyArn, ofCustomer) = keys.OfSecret(call, key);
        var password = World.NewToken(PasswordLength, PasswordAlphabet);
        var secret = World.Service<IManagedSecrets>().Create(
            call, "rds", $"rds!{kind}-{World.NewId()}", JsonSerializer.Serialize(new { username = user, password }), ofCustomer ? keyArn : null,
            new Dictionary<string, string> { [kind == "db" ? "aws:rds:primaryDBInstanceArn" : "aws:rds:primaryDBClusterArn"] = arn });
        return (new MasterUserSecret { SecretArn = secret, SecretStatus = "creating", KmsKeyId = keyArn }, password);
    }

    /// <summary>The same secret, of which the server knows the password now.</summary>
    private static MasterUserSecret? Active(MasterUserSecret? secret) =>
        secret is null ? null : new MasterUserSecret { SecretArn = secret.SecretArn, SecretStatus = "active", KmsKeyId = secret.KmsKeyId };

    private void ForgetPassword(MasterUserSecret? secret)
    {
        if (secret is not null)
        {
            World.Service<IManagedSecrets>().Delete(secret.SecretArn);
        }
    }
}
