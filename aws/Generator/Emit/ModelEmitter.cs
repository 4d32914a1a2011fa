using static AwsCompat.Generator.CodeWriter;

namespace AwsCompat.Generator;

/// <summary>
/// Emits the service as tables of <c>AwsCompat.Shapes</c>: every structure with its members and accessors, the operations, the errors.
/// A client writes requests and reads responses by them; a server does the reverse, with the very same classes.
/// </summary>
/// <param name="exceptions">True for a client, whose errors are exceptions. A server names the details of an error in a dictionary.</param>
internal sealed class ModelEmitter(ServiceDefinition service, CodeWriter code, bool exceptions)
{
    private readonly Types types = new(service);

    /// <param name="className">The static class that holds the tables.</param>
    public void Emit(string className)
    {
        using (code.Open($"internal static class {className}"))
        {
            EmitService();
            EmitOperations();
            EmitErrors();
            foreach (var operation in service.Operations)
            {
                EmitStructure(operation.Name + "Request", Find(operation.Input));
                EmitStructure(operation.Name + "Response", Find(operation.Output));
            }

            foreach (var shape in service.NestedShapes())
            {
                EmitNested(shape);
            }
        }
    }

    private void EmitService()
    {
        var protocol = service.Protocol switch
        {
            "query" => "Query",
            "ec2" => "Ec2",
            "json" => "Json",
            "rest-json" => "RestJson",
            var other => throw new InvalidDataException($"{service.ServiceId} speaks {other}, which the generator does not know."),
        };
        using (code.Open($"public static ServiceModel Service => field ??= new({Quote(service.SigningName)}, Protocol.{protocol}, Operations, Errors)", "};"))
        {
            code.Line($"ApiVersion = {Quote(service.ApiVersion)},");
            code.Line($"JsonVersion = {Quote(service.JsonVersion ?? "")},");
            code.Line($"TargetPrefix = {Quote(service.TargetPrefix ?? "")},");
            code.Line($"XmlNamespace = {Quote(service.XmlNamespace ?? "")},");
            code.Line($"QueryCompatible = {Flag(service.QueryCompatible)},");
        }
    }

    private void EmitOperations()
    {
        using (code.Open("private static Operation[] Operations()"))
        {
            code.Line("return [");
            foreach (var operation in service.Operations)
            {
                var traits = $"Method = {Quote(operation.Method)}, Uri = {Quote(operation.Uri)}, Status = {operation.Status}, "
                    + $"ResultWrapper = {Quote(operation.ResultWrapper)}, HostPrefix = {Quote(operation.HostPrefix)}";
                code.Line($"    new({Quote(operation.Name)}, {operation.Name}Request, {operation.Name}Response) {{ {traits} }},");
            }

            code.Line("];");
        }
    }

    private void EmitErrors()
    {
        using (code.Open("private static ErrorShape[] Errors()"))
        {
            code.Line("return [");
            foreach (var error in service.Shapes.Values.Where(s => s.IsException))
            {
                code.Line($"    new({Quote(error.Name)}, {Quote(Naming.QueryCode(service, error))}, [");
                var exception = "M." + Naming.Class(service, error);
                foreach (var member in error.Members.Where(m => !IsMessage(m)))
                {
                    code.Line("        " + (exceptions ? Accessor(exception, error, member) : DetailAccessor(member)));
                }

                code.Line(exceptions ? $"    ]) {{ Create = static (m, i, t, c, r, s) => new {exception}(m, i, t, c, r, s) }}," : "    ]),");
            }

            code.Line("];");
        }
    }

    public static bool IsMessage(MemberDefinition member) => member.Name is "message" or "Message";

    private void EmitNested(ShapeDefinition shape)
    {
        switch (shape.Type)
        {
            case "structure":
                EmitStructure(Naming.Class(service, shape), shape);
                break;
            case "list":
                code.Line($"private static ListShape {Table(shape)} => field ??= new(static () => new {types.Item(shape.Name)}(), static () => {Shape(shape.Item!.Shape, item: true)}) "
                    + $"{{ ItemName = {Quote(shape.Item.LocationName ?? "member")}, Flattened = {Flag(shape.Flattened)}, FlatKeys = {Flag(service.SpeaksEc2)} }};");
                break;
            case "map":
                code.Line($"private static MapShape {Table(shape)} => field ??= new(static () => new {types.Item(shape.Name)}(), static () => {Shape(shape.Value!.Shape, item: true)}) "
                    + $"{{ KeyName = {Quote(shape.Key!.LocationName ?? "key")}, ValueName = {Quote(shape.Value.LocationName ?? "value")}, Flattened = {Flag(shape.Flattened)} }};");
                break;
            case "string" when shape.EnumValues is not null:
                code.Line($"private static ScalarShape {Table(shape)} => field ??= new(E.{Naming.Class(service, shape)}.FindValue);");
                break;
        }
    }

    private void EmitStructure(string className, ShapeDefinition? shape)
    {
        code.Line($"public static StructureShape {className} => field ??= new({Quote(className)}, static () => new M.{className}(), static () => [");
        foreach (var member in shape?.Members ?? [])
        {
            code.Line("    " + Accessor("M." + className, shape!, member));
        }

        code.Line("]);");
    }

    private string Accessor(string type, ShapeDefinition owner, MemberDefinition member)
    {
        var property = $"(({type})o).{Naming.Property(service, owner, member)}";
        return $"new({Quote(member.Name)}, {Shape(member.Shape)}, static o => {property}, static (o, v) => {property} = ({types.Property(member.Shape)})v){Traits(member)},";
    }

    private string DetailAccessor(MemberDefinition member)
    {
        var entry = $"((IDictionary<string, object>)o)[{Quote(member.Name)}]";
        return $"new({Quote(member.Name)}, {Shape(member.Shape)}, static o => ((IDictionary<string, object>)o).ContainsKey({Quote(member.Name)}) ? {entry} : null, static (o, v) => {entry} = v){Traits(member)},";
    }

    private string Traits(MemberDefinition member)
    {
        var traits = new List<string>();
        if (member.LocationName is { } wireName)
        {
            traits.Add($"WireName = {Quote(wireName)}");
        }

        if (service.SpeaksEc2 && Naming.Ec2Key(member) is { } key)
        {
            traits.Add($"Key = {Quote(key)}");
        }

        if (member.Location != "Body")
        {
            traits.Add($"Location = Location.{member.Location}");
        }

        if (member.Required)
        {
            traits.Add("Required = true");
        }

        if (member.IdempotencyToken)
        {
            traits.Add("IdempotencyToken = true");
        }

        return traits.Count == 0 ? "" : $" {{ {string.Join(", ", traits)} }}";
    }

    /// <summary>The expression that yields a shape's table. Items of lists and maps carry enumerations as strings.</summary>
    private string Shape(string name, bool item = false)
    {
        var shape = service.Shapes[name];
        return shape.Type switch
        {
            "string" when shape.EnumValues is not null && !item => Table(shape),
            "structure" => Naming.Class(service, shape),
            "list" or "map" => Table(shape),
            _ => "ScalarShape." + Naming.Capital(shape.Type),
        };
    }

    private static string Table(ShapeDefinition shape) => Naming.Capital(shape.Name) + "Shape";

    private ShapeDefinition? Find(string? name) => name is null ? null : service.Shapes[name];

    private static string Flag(bool value) => value ? "true" : "false";
}
