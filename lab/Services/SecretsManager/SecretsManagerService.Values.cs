using System.Text;
using Amazon.SecretsManager.Model;

namespace Dbre.Lab.Services.SecretsManager;

/// <content>Values, their versions and stages.</content>
public sealed partial class SecretsManagerService
{
    private GetSecretValueResponse GetSecretValue(CallContext call, GetSecretValueRequest request)
    {
        var secret = Find(call, "secretsmanager:GetSecretValue", request.SecretId);
        RequireNotDeleted(secret);
        var stage = request.VersionStage ?? (request.VersionId is null ? Secret.Current : null);
        var version = request.VersionId is { } id ? secret.ById(id) : secret.ByStage(stage!);
        if (version is null)
        {
            throw new ServiceException("ResourceNotFoundException", request.VersionId is { } missing
                ? $"Secrets Manager can't find the specified secret value for VersionId: {missing}"
                : $"Secrets Manager can't find the specified secret value for staging label: {stage}");
        }

        if (request.VersionId is not null && stage is not null && !secret.StagesOf(version.Id).Contains(stage))
        {
            throw new ServiceException("InvalidRequestException", "You provided a VersionStage that is not associated to the provided VersionId.");
        }

        UseKey(call, secret, "kms:Decrypt");
        secret.Accessed = World.Now;
        return new GetSecretValueResponse
        {
            ARN = secret.Arn,
            Name = secret.Name,
            VersionId = version.Id,
            SecretString = version.Text,
            SecretBinary = version.Binary is { } bytes ? new MemoryStream(bytes) : null,
            VersionStages = secret.StagesOf(version.Id),
            CreatedDate = version.Created.UtcDateTime,
        };
    }

    private PutSecretValueResponse PutSecretValue(CallContext call, PutSecretValueRequest request)
    {
        Parameters.Refuse(request, nameof(request.SecretId), nameof(request.ClientRequestToken), nameof(request.SecretString), nameof(request.SecretBinary), nameof(request.VersionStages));
        var secret = Find(call, "secretsmanager:PutSecretValue", request.SecretId);
        RequireNotDeleted(secret);
        RequireOwn(secret);
        if (!HasValue(request.SecretString, request.SecretBinary))
        {
            throw new ServiceException("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
        }

        var id = AddVersion(call, secret, request.ClientRequestToken, request.SecretString, request.SecretBinary,
            request.VersionStages is { Count: > 0 } stages ? stages : [Secret.Current]);
        return new PutSecretValueResponse { ARN = secret.Arn, Name = secret.Name, VersionId = id, VersionStages = secret.StagesOf(id) };
    }

    private UpdateSecretResponse UpdateSecret(CallContext call, UpdateSecretRequest request)
    {
        Parameters.Refuse(request, nameof(request.SecretId), nameof(request.ClientRequestToken), nameof(request.Description), nameof(request.KmsKeyId),
            nameof(request.SecretString), nameof(request.SecretBinary));
        var secret = Find(call, "secretsmanager:UpdateSecret", request.SecretId);
        RequireNotDeleted(secret);
        RequireOwn(secret);
        secret.KmsKeyId = RequireKey(call, request.KmsKeyId) ?? secret.KmsKeyId;
        secret.Description = request.Description ?? secret.Description;
        secret.Changed = World.Now;
        var id = HasValue(request.SecretString, request.SecretBinary)
            ? AddVersion(call, secret, request.ClientRequestToken, request.SecretString, request.SecretBinary, [Secret.Current])
            : null;
        return new UpdateSecretResponse { ARN = secret.Arn, Name = secret.Name, VersionId = id };
    }

    private string AddVersion(CallContext call, Secret secret, string? token, string? text, MemoryStream? binary, List<string> stages)
    {
        if (text is not null && binary is not null)
        {
            throw new ServiceException("InvalidParameterException", "You can't specify both a binary secret value and a string secret value in the same secret.");
        }

        var bytes = binary?.ToArray();
        if ((bytes?.Length ?? Encoding.UTF8.GetByteCount(text!)) > MaximumSize)
        {
            throw new ServiceException("InvalidParameterException", $"The secret value must have at most {MaximumSize} bytes.");
        }

        if (token is { Length: < 32 or > 64 })
        {
            throw new ServiceException("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
        }

        var id = token ?? World.NewId();
        if (secret.ById(id) is { } existing)
        {
            return existing.SameValue(text, bytes)
                ? id
                : throw new ServiceException("ResourceExistsException", "You can't use ClientRequestToken " + id + " because that value is already in use for a version of secret " + secret.Arn + ".");
        }

        UseKey(call, secret, "kms:GenerateDataKey");
        secret.Add(new SecretVersion(id, text, bytes, World.Now), stages, World.Now);
        return id;
    }

    private static CreateSecretResponse Repeated(Secret existing, CreateSecretRequest request)
    {
        if (existing.DeletionAt is not null)
        {
            throw new ServiceException("InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.");
        }

        return request.ClientRequestToken is { } token && existing.ById(token)?.SameValue(request.SecretString, request.SecretBinary?.ToArray()) == true
            ? new CreateSecretResponse { ARN = existing.Arn, Name = existing.Name, VersionId = token }
            : throw new ServiceException("ResourceExistsException", $"The operation failed because the secret {existing.Name} already exists.");
    }

    private static bool HasValue(string? text, MemoryStream? binary) => !string.IsNullOrEmpty(text) || binary is { Length: > 0 };

    // The default key aws/secretsmanager lets everyone of the account; a customer's key must let the caller.
    private void UseKey(CallContext call, Secret secret, string action)
    {
        if (secret.KmsKeyId is { } id && World.Service<IKeys>().Resolve(secret.Account, secret.Region, id) is { AwsManaged: false } key)
        {
            if (!key.Enabled)
            {
                throw new ServiceException("DecryptionFailure", $"Secrets Manager can't use the KMS key {key.Arn}: it is {key.State}.");
            }

            key.Authorize(call, action, "secretsmanager");
        }
    }
}
