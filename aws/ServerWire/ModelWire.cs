using Amazon.Runtime;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>What the protocols share: operations are looked up by name, errors by code.</summary>
internal abstract class ModelWire(ServiceModel model) : ServiceWire
{
    public override string SigningName => Model.SigningName;

    protected ServiceModel Model { get; } = model;

    /// <summary>The code of the error for an operation that the model does not have.</summary>
    protected abstract string UnknownOperationCode { get; }

    protected Operation Find(string operation) => Model.Operations.GetValueOrDefault(operation)
        ?? throw new WireFormatException(UnknownOperationCode, $"The operation {operation} of {SigningName} (version {Model.ApiVersion}) is not supported here.");

    protected static AmazonWebServiceRequest Create(Operation operation) => (AmazonWebServiceRequest)operation.Input.Create();

    /// <summary>The error's members as the writers read them; null when there are none to write.</summary>
    /// <exception cref="ArgumentException">A detail that the model does not know: our own mistake.</exception>
    protected (ErrorShape? Shape, IReadOnlyDictionary<string, object?> Details) Describe(string code, IReadOnlyDictionary<string, object?>? details)
    {
        var shape = Model.Errors.FirstOrDefault(e => e.Name == code || e.Code == code);
        var known = details ?? new Dictionary<string, object?>();
        foreach (var name in known.Keys)
        {
            if (shape is null || shape.Members.All(m => m.Name != name))
            {
                throw new ArgumentException($"The error {code} of {SigningName} has no member {name}.", nameof(details));
            }
        }

        return (shape, known);
    }
}
