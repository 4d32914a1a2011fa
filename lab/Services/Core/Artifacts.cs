using System.Collections.Concurrent;

namespace Dbre.Lab.Services;

/// <summary>
/// The function code that deployments published: the folder behind each object of an asset bucket. AWS stores and unpacks a zip of it;
/// the lab's Lambda resolves <c>Code.S3Bucket</c> and <c>Code.S3Key</c> here and runs the very folder.
/// </summary>
public sealed class Artifacts
{
    private readonly ConcurrentDictionary<(string Bucket, string Key), string> folders = new();

    public void Publish(string bucket, string key, string folder) => folders[(bucket, key)] = folder;

    /// <returns>The folder, or null when nothing was published under that name.</returns>
    public string? Find(string bucket, string key) => folders.GetValueOrDefault((bucket, key));
}
