using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbre.Functions.Restore;

/// <summary>The key that encrypts what is to be restored: what is under it can be restored only while it is enabled.</summary>
internal static class SourceKey
{
    private const string Usable = "Enabled";

    /// <summary>The state as KMS names it; null when there is no such key.</summary>
    public static async Task<string?> State(IAmazonKeyManagementService kms, string key, CancellationToken stop)
    {
        try
        {
            return (await kms.DescribeKeyAsync(new DescribeKeyRequest { KeyId = key }, stop).ConfigureAwait(false)).KeyMetadata.KeyState;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>What stands against a restore for it, a sentence each.</summary>
    /// <param name="key">Null is not encrypted under a key of its own.</param>
    public static IEnumerable<string> Problems(string source, string? key, string? state) =>
        key is null || state == Usable ? [] : [$"source is '{source}', whose key {key} is {state ?? "gone"}; nothing under it can be restored before it is enabled."];
}
