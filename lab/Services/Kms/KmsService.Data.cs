using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbre.Lab.Services.Kms;

/// <content>The operations that use keys on data.</content>
public sealed partial class KmsService
{
    private const int MaximumPlaintext = 4096;

    private EncryptResponse Encrypt(CallContext call, EncryptRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId), nameof(request.Plaintext), nameof(request.EncryptionContext), nameof(request.EncryptionAlgorithm));
        Only(request.EncryptionAlgorithm, EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT, nameof(request.EncryptionAlgorithm));
        var plain = request.Plaintext?.ToArray() ?? [];
        if (plain.Length is 0 or > MaximumPlaintext)
        {
            throw new ServiceException("ValidationException", $"Plaintext must have 1 to {MaximumPlaintext} bytes, not {plain.Length}.");
        }

        var key = Authorized(call, "kms:Encrypt", request.KeyId);
        key.RequireUsable();
        return new EncryptResponse
        {
            KeyId = key.Arn,
            CiphertextBlob = Ciphertext.Encrypt(key, plain, request.EncryptionContext, Random(12)),
            EncryptionAlgorithm = EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT,
        };
    }

    private DecryptResponse Decrypt(CallContext call, DecryptRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId), nameof(request.CiphertextBlob), nameof(request.EncryptionContext), nameof(request.EncryptionAlgorithm));
        Only(request.EncryptionAlgorithm, EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT, nameof(request.EncryptionAlgorithm));
        var (key, plain) = Open(call, "kms:Decrypt", request.CiphertextBlob, request.KeyId, request.EncryptionContext);
        return new DecryptResponse
        {
            KeyId = key.Arn,
            Plaintext = new MemoryStream(plain),
            EncryptionAlgorithm = EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT,
        };
    }

    private ReEncryptResponse ReEncrypt(CallContext call, ReEncryptRequest request)
    {
        Parameters.Refuse(request, nameof(request.CiphertextBlob), nameof(request.SourceKeyId), nameof(request.SourceEncryptionContext),
            nameof(request.DestinationKeyId), nameof(request.DestinationEncryptionContext));
        var (source, plain) = Open(call, "kms:ReEncryptFrom", request.CiphertextBlob, request.SourceKeyId, request.SourceEncryptionContext);
        var destination = Authorized(call, "kms:ReEncryptTo", request.DestinationKeyId);
        destination.RequireUsable();
        return new ReEncryptResponse
        {
            CiphertextBlob = Ciphertext.Encrypt(destination, plain, request.DestinationEncryptionContext, Random(12)),
            SourceKeyId = source.Arn,
            KeyId = destination.Arn,
            SourceEncryptionAlgorithm = EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT,
            DestinationEncryptionAlgorithm = EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT,
        };
    }

    private GenerateDataKeyResponse GenerateDataKey(CallContext call, GenerateDataKeyRequest request)
    {
        Parameters.Refuse(request, nameof(request.KeyId), nameof(request.KeySpec), nameof(request.NumberOfBytes), nameof(request.EncryptionContext));
        if ((request.KeySpec is null) == (request.NumberOfBytes is null))
        {
            throw new ServiceException("ValidationException", "Please specify either number of bytes or key spec.");
        }

        var length = request.NumberOfBytes ?? (request.KeySpec == DataKeySpec.AES_128 ? 16 : 32);
        if (length is < 1 or > 1024)
        {
            throw new ServiceException("ValidationException", $"NumberOfBytes must be between 1 and 1024, not {length}.");
        }

        var key = Authorized(call, "kms:GenerateDataKey", request.KeyId);
        key.RequireUsable();
        var data = Random(length);
        return new GenerateDataKeyResponse
        {
            KeyId = key.Arn,
            Plaintext = new MemoryStream(data),
            CiphertextBlob = Ciphertext.Encrypt(key, data, request.EncryptionContext, Random(12)),
        };
    }

    private (KmsKey Key, byte[] Plain) Open(
        CallContext call, string action, MemoryStream? blob, string? expectedKey, IReadOnlyDictionary<string, string>? context)
    {
        var bytes = blob?.ToArray() ?? [];
        var key = store.Find(call.Account, call.Region, Ciphertext.KeyOf(bytes)) ?? throw Ciphertext.Invalid();
        Authorized(call, action, key);
        if (expectedKey is not null && store.Require(call.Account, call.Region, expectedKey).Arn != key.Arn)
        {
            throw new ServiceException("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
        }

        key.RequireUsable();
        return (key, Ciphertext.Decrypt(key, bytes, context));
    }

    private byte[] Random(int length)
    {
        var bytes = new byte[length];
        World.Chance.NextBytes(bytes);
        return bytes;
    }
}
