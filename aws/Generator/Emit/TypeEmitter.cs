namespace AwsCompat.Generator;

/// <summary>Emits the classes of requests, responses, their parts, and exceptions.</summary>
internal sealed class TypeEmitter(ServiceDefinition service, PackageNames names, CodeWriter code)
{
    private readonly Types types = new(service);

    public void Emit()
    {
        foreach (var operation in service.Operations)
        {
            EmitClass(operation.Name + "Request", "E." + names.Request, operation.Input);
            EmitClass(operation.Name + "Response", "AmazonWebServiceResponse", operation.Output);
        }

        foreach (var shape in service.NestedShapes().Where(s => s.IsStructure && !s.IsException))
        {
            EmitClass(Naming.Class(service, shape), null, shape.Name);
        }

        foreach (var error in service.Shapes.Values.Where(s => s.IsException))
        {
            var properties = error.Members.Where(m => !ModelEmitter.IsMessage(m)).Select(m => (types.Property(m.Shape), Naming.Property(service, error, m)));
            ExceptionEmitter.Emit(code, Naming.Class(service, error), "E." + names.Exception, properties);
        }
    }

    private void EmitClass(string name, string? baseName, string? shapeName)
    {
        using (code.Open($"public partial class {name}{(baseName is null ? "" : " : " + baseName)}"))
        {
            if (shapeName is null)
            {
                return;
            }

            var shape = service.Shapes[shapeName];
            foreach (var member in shape.Members)
            {
                var type = types.Property(member.Shape);
                var initializer = Types.IsCollection(service.Shapes[member.Shape]) ? $" = AWSConfigs.InitializeCollections ? new {type}() : null;" : "";
                code.Line($"public {type} {Naming.Property(service, shape, member)} {{ get; set; }}{initializer}");
            }
        }
    }
}
