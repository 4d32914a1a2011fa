using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment;

/// <summary>A resource that was made.</summary>
/// <param name="Type">Its CloudFormation type.</param>
/// <param name="PhysicalId">What <c>Ref</c> gives.</param>
/// <param name="Attributes">What <c>Fn::GetAtt</c> gives.</param>
public sealed record DeployedResource(string Type, string PhysicalId, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>What it was made from: a second deployment leaves it alone when this is still the same.</summary>
    internal JsonObject MadeFrom { get; init; } = [];
}
