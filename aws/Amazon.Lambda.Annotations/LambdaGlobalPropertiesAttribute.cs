namespace Amazon.Lambda.Annotations;

/// <summary>Properties of all functions of an assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LambdaGlobalPropertiesAttribute : Attribute
{
    /// <summary>True for an executable: its entry point picks the function by the variable <c>ANNOTATIONS_HANDLER</c>.</summary>
    public bool GenerateMain { get; set; }

    /// <summary>The Lambda runtime identifier, such as <c>dotnet10</c>.</summary>
    public string? Runtime { get; set; }
}
