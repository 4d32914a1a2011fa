namespace Dbre.Infra.Tests.Testing;

/// <summary>One statement of a role's inline policies.</summary>
public sealed record RoleStatement(SynthesizedResource Role, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    public static IEnumerable<RoleStatement> Of(SynthesizedTemplate template) => template.Resources("AWS::IAM::Role").SelectMany(role =>
        (role["Policies"]?.AsArray() ?? []).SelectMany(policy => policy!["PolicyDocument"]!["Statement"]!.AsArray())
            .Select(statement => new RoleStatement(role, SynthesizedTemplate.Texts(statement!["Action"]), SynthesizedTemplate.Texts(statement["Resource"]))));

    public override string ToString() => $"{Role}: {string.Join(", ", Actions)} on {string.Join(", ", Resources)}";
}
