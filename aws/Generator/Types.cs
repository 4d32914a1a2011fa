namespace AwsCompat.Generator;

/// <summary>The .NET types that carry the model's shapes, as the official v4 packages choose them.</summary>
internal sealed class Types(ServiceDefinition service)
{
    public ServiceDefinition Service { get; } = service;

    /// <summary>A property's type: value types are nullable (absent), enumerations are classes.</summary>
    public string Property(string shapeName)
    {
        var shape = Service.Shapes[shapeName];
        return shape.EnumValues is not null ? "E." + Naming.Class(Service, shape) : IsValueType(shape) ? Item(shapeName) + "?" : Item(shapeName);
    }

    /// <summary>The type inside a list or a map: value types as they are, enumerations as strings.</summary>
    public string Item(string shapeName)
    {
        var shape = Service.Shapes[shapeName];
        return shape.Type switch
        {
            "string" => "string",
            "boolean" => "bool",
            "integer" => "int",
            "long" => "long",
            "float" => "float",
            "double" => "double",
            "timestamp" => "DateTime",
            "blob" => "MemoryStream",
            "list" => $"List<{Item(shape.Item!.Shape)}>",
            "map" => $"Dictionary<string, {Item(shape.Value!.Shape)}>",
            "structure" => "M." + Naming.Class(Service, shape),
            var other => throw new InvalidDataException($"The model's shape {shapeName} has the type {other}, which the generator does not know."),
        };
    }

    public static bool IsValueType(ShapeDefinition shape) => shape.Type is "boolean" or "integer" or "long" or "float" or "double" or "timestamp";

    public static bool IsCollection(ShapeDefinition shape) => shape.Type is "list" or "map";
}
