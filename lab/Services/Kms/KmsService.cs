using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Kms;

/// <summary>
/// Symmetric KMS keys with aliases, key policies and states. A key belongs to one Region: named from another it does not exist there.
/// The key policy always takes part: it must name the caller or the caller's account.
/// </summary>
public sealed partial class KmsService : EmulatedService, IKeys
{
    private const int DefaultLimit = 50;
    private readonly KeyStore store;

    public KmsService(World world) : base("kms", world)
    {
        store = new KeyStore(world);
        On<CreateKeyRequest, CreateKeyResponse>(CreateKey);
        On<DescribeKeyRequest, DescribeKeyResponse>(DescribeKey);
        On<ListKeysRequest, ListKeysResponse>(ListKeys);
        On<CreateAliasRequest, CreateAliasResponse>(CreateAlias);
        On<ListAliasesRequest, ListAliasesResponse>(ListAliases);
        On<EnableKeyRequest, EnableKeyResponse>(EnableKey);
        On<DisableKeyRequest, DisableKeyResponse>(DisableKey);
        On<EnableKeyRotationRequest, EnableKeyRotationResponse>(EnableKeyRotation);
        On<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse>(GetKeyRotationStatus);
        On<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>(ScheduleKeyDeletion);
        On<GetKeyPolicyRequest, GetKeyPolicyResponse>(GetKeyPolicy);
        On<PutKeyPolicyRequest, PutKeyPolicyResponse>(PutKeyPolicy);
        On<EncryptRequest, EncryptResponse>(Encrypt);
        On<DecryptRequest, DecryptResponse>(Decrypt);
        On<ReEncryptRequest, ReEncryptResponse>(ReEncrypt);
        On<GenerateDataKeyRequest, GenerateDataKeyResponse>(GenerateDataKey);
    }

    /// <inheritdoc />
    public KeyFact? Resolve(string account, string region, string keyIdOrAliasOrArn)
    {
        lock (World.Gate)
        {
            return store.Find(account, region, keyIdOrAliasOrArn)?.Fact;
        }
    }

    private CreateKeyResponse CreateKey(CallContext call, CreateKeyRequest request)
    {
        Parameters.Refuse(request, nameof(request.Description), nameof(request.Policy), nameof(request.KeySpec), nameof(request.KeyUsage),
            nameof(request.Origin), nameof(request.MultiRegion), nameof(request.Tags), nameof(request.BypassPolicyLockoutSafetyCheck));
        call.Authorize("kms:CreateKey", "*");
        Only(request.KeySpec, KeySpec.SYMMETRIC_DEFAULT, nameof(request.KeySpec));
        Only(request.KeyUsage, KeyUsageType.ENCRYPT_DECRYPT, nameof(request.KeyUsage));
        Only(request.Origin, OriginType.AWS_KMS, nameof(request.Origin));
        if (request.MultiRegion == true)
        {
            throw new ServiceException("UnsupportedOperationException", "The lab does not emulate multi-Region keys (MultiRegion=true).");
        }

        var policy = request.Policy is { } text ? ReadPolicy(text) : null;
        var key = store.Create(call.Account, call.Region, policy, request.Description, awsManaged: false);
        foreach (var tag in request.Tags ?? [])
        {
            key.Tags[tag.TagKey] = tag.TagValue;
        }

        return new CreateKeyResponse { KeyMetadata = key.Metadata() };
    }

    private DescribeKeyResponse DescribeKey(CallContext call, DescribeKeyRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId));
        return new DescribeKeyResponse { KeyMetadata = Authorized(call, "kms:DescribeKey", request.KeyId).Metadata() };
    }

    private ListKeysResponse ListKeys(CallContext call, ListKeysRequest request)
    {
        call.Authorize("kms:ListKeys", "*");
        var page = Page.Of(store.KeysOf(call.Account, call.Region), k => k.Id, request.Marker, request.Limit ?? DefaultLimit, "InvalidMarkerException");
        return new ListKeysResponse
        {
            Keys = [.. page.Items.Select(k => new KeyListEntry { KeyId = k.Id, KeyArn = k.Arn })],
            NextMarker = page.NextToken,
            Truncated = page.NextToken is not null,
        };
    }

    private CreateAliasResponse CreateAlias(CallContext call, CreateAliasRequest request)
    {
        var name = request.AliasName ?? "";
        if (!name.StartsWith("alias/", StringComparison.Ordinal) || name.Length == "alias/".Length)
        {
            throw new ServiceException("ValidationException", $"Alias must start with the prefix \"alias/\". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html (got '{name}')");
        }

        if (name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            throw new ServiceException("NotAuthorizedException", $"Prefix alias/aws/ is reserved for AWS managed keys (got '{name}').");
        }

        var key = Authorized(call, "kms:CreateAlias", request.TargetKeyId);
        call.Authorize("kms:CreateAlias", KeyStore.AliasArn(call.Account, call.Region, name));
        key.RequireNotPendingDeletion();
        store.AddAlias(call.Account, call.Region, name, key);
        return new CreateAliasResponse();
    }

    private ListAliasesResponse ListAliases(CallContext call, ListAliasesRequest request)
    {
        call.Authorize("kms:ListAliases", "*");
        var only = request.KeyId is { } id ? store.Require(call.Account, call.Region, id).Arn : null;
        var found = store.AliasesOf(call.Account, call.Region).Where(a => only is null || a.KeyArn == only);
        var page = Page.Of(found, a => a.Arn, request.Marker, request.Limit ?? DefaultLimit, "InvalidMarkerException");
        return new ListAliasesResponse
        {
            Aliases = [.. page.Items.Select(a => new AliasListEntry
            {
                AliasArn = a.Arn,
                AliasName = a.Name,
                TargetKeyId = a.KeyArn[(a.KeyArn.LastIndexOf('/') + 1)..],
                CreationDate = a.Created.UtcDateTime,
                LastUpdatedDate = a.Created.UtcDateTime,
            })],
            NextMarker = page.NextToken,
            Truncated = page.NextToken is not null,
        };
    }

    private EnableKeyResponse EnableKey(CallContext call, EnableKeyRequest request)
    {
        Changeable(call, "kms:EnableKey", request.KeyId).State = KeyState.Enabled;
        return new EnableKeyResponse();
    }

    private DisableKeyResponse DisableKey(CallContext call, DisableKeyRequest request)
    {
        Changeable(call, "kms:DisableKey", request.KeyId).State = KeyState.Disabled;
        return new DisableKeyResponse();
    }

    private EnableKeyRotationResponse EnableKeyRotation(CallContext call, EnableKeyRotationRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId));
        Changeable(call, "kms:EnableKeyRotation", request.KeyId).Rotates = true;
        return new EnableKeyRotationResponse();
    }

    private GetKeyRotationStatusResponse GetKeyRotationStatus(CallContext call, GetKeyRotationStatusRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId));
        var key = Authorized(call, "kms:GetKeyRotationStatus", request.KeyId);
        return new GetKeyRotationStatusResponse { KeyId = key.Arn, KeyRotationEnabled = key.Rotates || key.AwsManaged };
    }

    private ScheduleKeyDeletionResponse ScheduleKeyDeletion(CallContext call, ScheduleKeyDeletionRequest request)
    {
        var days = request.PendingWindowInDays ?? 30;
        if (days is < 7 or > 30)
        {
            throw new ServiceException("ValidationException", $"PendingWindowInDays must be between 7 and 30, not {days}.");
        }

        var key = Changeable(call, "kms:ScheduleKeyDeletion", request.KeyId);
        key.State = KeyState.PendingDeletion;
        key.DeletionAt = World.Now.AddDays(days);
        return new ScheduleKeyDeletionResponse
        {
            KeyId = key.Arn, KeyState = key.State, DeletionDate = key.DeletionAt?.UtcDateTime, PendingWindowInDays = days,
        };
    }

    private GetKeyPolicyResponse GetKeyPolicy(CallContext call, GetKeyPolicyRequest request) => new()
    {
        Policy = Authorized(call, "kms:GetKeyPolicy", request.KeyId).Policy.Json,
        PolicyName = "default",
    };

    private PutKeyPolicyResponse PutKeyPolicy(CallContext call, PutKeyPolicyRequest request)
    {
        Changeable(call, "kms:PutKeyPolicy", request.KeyId).Policy = ReadPolicy(request.Policy);
        return new PutKeyPolicyResponse();
    }

    private static PolicyDocument ReadPolicy(string text)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (ServiceException e)
        {
            throw new ServiceException("MalformedPolicyDocumentException", e.Message);
        }
    }

    private static void Only(Amazon.Runtime.ConstantClass? given, Amazon.Runtime.ConstantClass emulated, string parameter)
    {
        if (given is not null && given.Value != emulated.Value)
        {
            throw new ServiceException("UnsupportedOperationException", $"The lab does not emulate {parameter} {given.Value}; it emulates {emulated.Value}.");
        }
    }

    /// <summary>A key of the caller's that an administrative operation may change.</summary>
    private KmsKey Changeable(CallContext call, string action, string keyId)
    {
        var key = Authorized(call, action, keyId);
        key.RequireNotPendingDeletion();
        return key.AwsManaged
            ? throw new ServiceException("AccessDeniedException", $"The key {key.Arn} is managed by AWS and cannot be changed.")
            : key;
    }

    private KmsKey Authorized(CallContext call, string action, string? keyId) =>
        Authorized(call, action, store.Require(call.Account, call.Region, keyId ?? throw new ServiceException("ValidationException", "KeyId is required.")));

    private static KmsKey Authorized(CallContext call, string action, KmsKey key)
    {
        call.Authorize(new AccessRequest(action, key.Arn)
        {
            ResourcePolicy = key.Policy,
            ResourceAccount = key.Account,
            ResourcePolicyDecides = true,
            Conditions = new Dictionary<string, string> { ["kms:CallerAccount"] = call.Account },
        });
        return key;
    }
}
