namespace Dbre.Infra;

/// <summary>Where the functions of one Region run, so that they reach the databases: a function without one runs outside any VPC.</summary>
public sealed record Vpc(IReadOnlyList<string> SubnetIds, IReadOnlyList<string> SecurityGroupIds);
