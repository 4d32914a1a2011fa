using System.Reflection;

namespace Dbre.Infra.Catalog;

/// <summary>
/// Every Lambda function of the system, read off the function assemblies: a class is a function when one of its methods has <c>[LambdaFunction]</c>.
/// The classes are the only place where a function's settings and permissions are stated.
/// </summary>
public sealed class FunctionCatalog
{
    /// <summary>The assemblies that hold functions, one per domain.</summary>
    public static readonly IReadOnlyList<string> Assemblies = ["Dbre.Functions.Restore", "Dbre.Functions.Snapshots"];

    private readonly SortedDictionary<string, FunctionSpec> functions = new(StringComparer.Ordinal);

    public FunctionCatalog(IEnumerable<FunctionSpec> functions)
    {
        foreach (var function in functions)
        {
            if (!this.functions.TryAdd(function.ClassName, function))
            {
                throw new SynthesisException(
                    $"{function.Where}: the class name is taken by {this.functions[function.ClassName].Where}; a function's name is its class's, so class names must differ across domains.");
            }
        }
    }

    /// <summary>In the order of their class names, so that synthesis is deterministic.</summary>
    public IReadOnlyCollection<FunctionSpec> Functions => functions.Values;

    public FunctionSpec? Find(string className) => functions.GetValueOrDefault(className);

    /// <summary>Reads every class of the deployed domains.</summary>
    /// <exception cref="SynthesisException">A class declares something that cannot be deployed; class and field are named.</exception>
    public static FunctionCatalog Read() => Read(Assemblies.SelectMany(name => Assembly.Load(name).GetTypes()));

    public static FunctionCatalog Read(IEnumerable<Type> types) => new(types.Select(FunctionReader.Read).OfType<FunctionSpec>());
}
