namespace Amazon.Lambda.Annotations;

/// <summary>The parameter comes from the service container, anew for each invocation.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
