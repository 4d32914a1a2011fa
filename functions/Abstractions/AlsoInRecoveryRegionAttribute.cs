namespace Dbre.Functions.Abstractions;

/// <summary>
/// Deploys the function to every recovery Region too, under the same name, because it must stand next to the databases restored there.
/// Its <see cref="AllowAttribute.On"/> may name only what exists in both Regions.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AlsoInRecoveryRegionAttribute : Attribute;
