namespace Dbre.Lab.Services.SecretsManager;

/// <content>Secrets that another service made: everybody reads them who may, and only that service changes and deletes them.</content>
public sealed partial class SecretsManagerService : IManagedSecrets
{
    /// <inheritdoc/>
    public string Create(CallContext call, string owner, string name, string text, string? key, IReadOnlyDictionary<string, string> tags)
    {
        var secret = new Secret(call.Account, call.Region, name, World.NewToken(6, SuffixAlphabet), World.Now) { Owner = owner, KmsKeyId = key };
        call.Authorize("secretsmanager:CreateSecret", secret.Arn);
        call.Authorize("secretsmanager:TagResource", secret.Arn);
        secret.Tags["aws:secretsmanager:owningService"] = owner;
        foreach (var (tag, value) in tags)
        {
            secret.Tags[tag] = value;
        }

        secrets.Add(Key(call, name), secret);
        secret.Add(new SecretVersion(World.NewId(), text, null, World.Now), [Secret.Current], World.Now);
        return secret.Arn;
    }

    /// <inheritdoc/>
    public void Delete(string arn)
    {
        if (secrets.FirstOrDefault(s => s.Value.Arn == arn) is { Key: { } key })
        {
            secrets.Remove(key);
        }
    }

    private static void RequireOwn(Secret secret)
    {
        if (secret.Owner is { } owner)
        {
            throw new ServiceException("InvalidRequestException", $"You can't perform this operation on the secret because it is managed by {owner}.");
        }
    }
}
