namespace Dbre.Infra.Catalog;

/// <summary>A Lambda function as its class declares it.</summary>
/// <param name="ClassName">The class with the handler; the runtime picks it by <c>ANNOTATIONS_HANDLER</c>.</param>
/// <param name="AssemblyName">The executable that holds it, which is the Handler property.</param>
/// <param name="TimeoutSeconds">From <c>[LambdaFunction(Timeout = …)]</c>.</param>
/// <param name="MemoryMegabytes">From <c>[LambdaFunction(MemorySize = …)]</c>.</param>
/// <param name="Allowances">From <c>[Allow]</c>.</param>
/// <param name="AlsoInRecoveryRegion">From <c>[AlsoInRecoveryRegion]</c>.</param>
public sealed record FunctionSpec(
    string ClassName, string AssemblyName, int TimeoutSeconds, int MemoryMegabytes,
    IReadOnlyList<Allowance> Allowances, bool AlsoInRecoveryRegion)
{
    /// <summary><c>dbre-</c> and the class's name in kebab case; also the name of its role.</summary>
    public string Name { get; } = "dbre-" + KebabCase.From(ClassName);

    /// <summary>The last part of the assembly's name: the folder of its published artifact.</summary>
    public string Domain => AssemblyName[(AssemblyName.LastIndexOf('.') + 1)..];

    /// <summary>How a message names it.</summary>
    public string Where => $"{AssemblyName}.{ClassName}";
}
