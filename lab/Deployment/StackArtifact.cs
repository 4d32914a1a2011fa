using Dbre.Lab.Deployment.Templates;

namespace Dbre.Lab.Deployment;

/// <summary>One stack of a cloud assembly.</summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Account">Where it is deployed.</param>
/// <param name="Region">Where it is deployed.</param>
/// <param name="Template">What it has.</param>
/// <param name="Assets">The file or folder behind each object of the asset bucket.</param>
public sealed record StackArtifact(
    string Name, string Account, string Region, Template Template, IReadOnlyDictionary<(string Bucket, string Key), string> Assets);
