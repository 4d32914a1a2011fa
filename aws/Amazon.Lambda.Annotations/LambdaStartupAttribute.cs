namespace Amazon.Lambda.Annotations;

/// <summary>Marks the class whose <c>ConfigureServices(IServiceCollection)</c> fills the service container.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LambdaStartupAttribute : Attribute;
