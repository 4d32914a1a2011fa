using Amazon.SecretsManager.Model;

namespace Dbre.Lab.Services.SecretsManager;

/// <summary>Secrets with versions and stages. Rotation by function, replicas and resource policies are refused by name.</summary>
public sealed partial class SecretsManagerService : EmulatedService
{
    private const string SuffixAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int MaximumSize = 65_536;

    private readonly SortedDictionary<string, Secret> secrets = new(StringComparer.Ordinal);

    public SecretsManagerService(World world) : base("secretsmanager", world)
    {
        On<CreateSecretRequest, CreateSecretResponse>(CreateSecret);
        On<GetSecretValueRequest, GetSecretValueResponse>(GetSecretValue);
        On<PutSecretValueRequest, PutSecretValueResponse>(PutSecretValue);
        On<UpdateSecretRequest, UpdateSecretResponse>(UpdateSecret);
        On<DescribeSecretRequest, DescribeSecretResponse>(DescribeSecret);
        On<DeleteSecretRequest, DeleteSecretResponse>(DeleteSecret);
        On<ListSecretsRequest, ListSecretsResponse>(ListSecrets);
    }

    private CreateSecretResponse CreateSecret(CallContext call, CreateSecretRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.ClientRequestToken), nameof(request.Description), nameof(request.KmsKeyId),
            nameof(request.SecretString), nameof(request.SecretBinary), nameof(request.Tags));
        var name = request.Name;
        if (name.Length is 0 or > 512 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "/_+=.@-".Contains(c, StringComparison.Ordinal)))
        {
            throw new ServiceException("ValidationException", $"Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@! (got '{name}')");
        }

        var secret = new Secret(call.Account, call.Region, name, World.NewToken(6, SuffixAlphabet), World.Now) { Description = request.Description };
        call.Authorize("secretsmanager:CreateSecret", secret.Arn);
        if (secrets.TryGetValue(Key(call, name), out var existing) && !Gone(existing))
        {
            return Repeated(existing, request);
        }

        secret.KmsKeyId = RequireKey(call, request.KmsKeyId);
        foreach (var tag in request.Tags ?? [])
        {
            secret.Tags[tag.Key] = tag.Value;
        }

        secrets[Key(call, name)] = secret;
        var version = HasValue(request.SecretString, request.SecretBinary)
            ? AddVersion(call, secret, request.ClientRequestToken, request.SecretString, request.SecretBinary, [Secret.Current])
            : null;
        return new CreateSecretResponse { ARN = secret.Arn, Name = secret.Name, VersionId = version };
    }

    private DescribeSecretResponse DescribeSecret(CallContext call, DescribeSecretRequest request)
    {
        var secret = Find(call, "secretsmanager:DescribeSecret", request.SecretId);
        return new DescribeSecretResponse
        {
            ARN = secret.Arn,
            Name = secret.Name,
            Description = secret.Description,
            KmsKeyId = secret.KmsKeyId,
            OwningService = secret.Owner,
            CreatedDate = secret.Created.UtcDateTime,
            LastChangedDate = secret.Changed.UtcDateTime,
            LastAccessedDate = secret.Accessed?.UtcDateTime.Date,
            DeletedDate = secret.DeletionAt?.UtcDateTime,
            Tags = [.. secret.Tags.Select(t => new Tag { Key = t.Key, Value = t.Value })],
            VersionIdsToStages = secret.VersionsToStages(),
        };
    }

    private DeleteSecretResponse DeleteSecret(CallContext call, DeleteSecretRequest request)
    {
        var secret = Find(call, "secretsmanager:DeleteSecret", request.SecretId);
        RequireOwn(secret);
        var force = request.ForceDeleteWithoutRecovery == true;
        if (force && request.RecoveryWindowInDays is not null)
        {
            throw new ServiceException("InvalidParameterException", "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }

        var days = request.RecoveryWindowInDays ?? 30;
        if (days is < 7 or > 30)
        {
            throw new ServiceException("InvalidParameterException", $"RecoveryWindowInDays value must be between 7 and 30 days (inclusive), not {days}.");
        }

        if (!force)
        {
            RequireNotDeleted(secret);
        }

        secret.DeletionAt = force ? World.Now : World.Now.AddDays(days);
        if (force)
        {
            secrets.Remove(Key(call, secret.Name));
        }

        return new DeleteSecretResponse { ARN = secret.Arn, Name = secret.Name, DeletionDate = secret.DeletionAt?.UtcDateTime };
    }

    private ListSecretsResponse ListSecrets(CallContext call, ListSecretsRequest request)
    {
        Parameters.Refuse(request, nameof(request.MaxResults), nameof(request.NextToken), nameof(request.Filters), nameof(request.IncludePlannedDeletion));
        call.Authorize("secretsmanager:ListSecrets", "*");
        var prefix = Key(call, "");
        var found = secrets.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(s => s.Value)
            .Where(s => !Gone(s) && (s.DeletionAt is null || request.IncludePlannedDeletion == true))
            .Where(s => (request.Filters ?? []).TrueForAll(f => Matches(s, f)));
        var page = Page.Of(found, s => s.Name, request.NextToken, request.MaxResults ?? 100, "InvalidNextTokenException");
        return new ListSecretsResponse
        {
            NextToken = page.NextToken,
            SecretList = [.. page.Items.Select(s => new SecretListEntry
            {
                ARN = s.Arn, Name = s.Name, Description = s.Description, KmsKeyId = s.KmsKeyId, OwningService = s.Owner,
                CreatedDate = s.Created.UtcDateTime, LastChangedDate = s.Changed.UtcDateTime, DeletedDate = s.DeletionAt?.UtcDateTime,
                Tags = [.. s.Tags.Select(t => new Tag { Key = t.Key, Value = t.Value })], SecretVersionsToStages = s.VersionsToStages(),
            })],
        };
    }

    // A filter holds when one of its values does; names and descriptions go by prefix.
    private static bool Matches(Secret secret, Filter filter) => filter.Key.Value switch
    {
        "name" => filter.Values.Exists(v => secret.Name.StartsWith(v, StringComparison.OrdinalIgnoreCase)),
        "description" => filter.Values.Exists(v => secret.Description?.StartsWith(v, StringComparison.OrdinalIgnoreCase) == true),
        "tag-key" => filter.Values.Exists(secret.Tags.ContainsKey),
        "tag-value" => filter.Values.Exists(secret.Tags.ContainsValue),
        var other => throw new ServiceException("InvalidParameterException", $"The lab does not emulate the filter {other}; it handles name, description, tag-key and tag-value."),
    };

    private static string Key(CallContext call, string name) => $"{call.Account}/{call.Region}/{name}";

    private bool Gone(Secret secret) => secret.DeletionAt <= World.Now;

    /// <summary>The secret that a name or an ARN (with or without its six random characters) means.</summary>
    private Secret Find(CallContext call, string action, string secretId)
    {
        var arn = Arn.TryParse(secretId);
        var name = arn is null ? secretId : arn.Resource["secret:".Length..];
        var secret = arn is null || (arn.Account == call.Account && arn.Region == call.Region)
            ? secrets.GetValueOrDefault(Key(call, name)) ?? (arn is not null && name.Length > 7 ? secrets.GetValueOrDefault(Key(call, name[..^7])) : null)
            : null;
        call.Authorize(action, secret?.Arn ?? arn?.ToString() ?? $"arn:aws:secretsmanager:{call.Region}:{call.Account}:secret:{secretId}");
        return secret is not null && !Gone(secret) && (arn is null || secret.Arn.StartsWith(secretId, StringComparison.Ordinal))
            ? secret
            : throw new ServiceException("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }

    private static void RequireNotDeleted(Secret secret)
    {
        if (secret.DeletionAt is not null)
        {
            throw new ServiceException("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.");
        }
    }

    private string? RequireKey(CallContext call, string? keyId) => keyId is null || World.Service<IKeys>().Resolve(call.Account, call.Region, keyId) is { Enabled: true }
        ? keyId
        : throw new ServiceException("InvalidRequestException", $"The KMS key '{keyId}' does not exist or is not enabled in {call.Region}.");
}
