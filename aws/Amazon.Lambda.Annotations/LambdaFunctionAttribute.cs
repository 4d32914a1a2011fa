namespace Amazon.Lambda.Annotations;

/// <summary>Makes a method a Lambda function and states its configuration. A value of zero or null leaves Lambda's default.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LambdaFunctionAttribute : Attribute
{
    /// <summary>The logical id in the template; null takes it from the class and the method.</summary>
    public string? ResourceName { get; set; }

    /// <summary>Seconds before Lambda ends an invocation, 1 to 900.</summary>
    public uint Timeout { get; set; }

    /// <summary>Memory in MB, 128 to 10240; CPU grows with it.</summary>
    public uint MemorySize { get; set; }

    /// <summary>The execution role's ARN or logical id. Exclusive with <see cref="Policies"/>.</summary>
    public string? Role { get; set; }

    /// <summary>Names of managed policies, separated by commas, for a role made with the function.</summary>
    public string? Policies { get; set; }

    public LambdaPackageType PackageType { get; set; }
}
