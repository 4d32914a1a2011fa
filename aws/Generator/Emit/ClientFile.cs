namespace AwsCompat.Generator;

/// <summary>One client package: its client, its types, its paginators, and the tables that the runtime reads and writes by.</summary>
internal static class ClientFile
{
    /// <param name="space">The package's namespace, such as <c>Amazon.RDS</c>.</param>
    /// <param name="client">The middle of the client's name: <c>RDS</c> of <c>AmazonRDSClient</c>.</param>
    public static string Emit(ServiceDefinition service, string space, string client)
    {
        var code = new CodeWriter();
        var names = new PackageNames(space, client);
        FileHeader.Emit(code, space);
        code.Line("using System.Net;");
        code.Line("using System.Threading;");
        code.Line("using System.Threading.Tasks;");
        code.Line("using Amazon;");
        code.Line("using Amazon.Runtime;");
        code.Line("using Amazon.Runtime.Internal;");
        code.Line("using AwsCompat.Client;");
        using (code.Open($"namespace {space}"))
        {
            new ClientEmitter(service, names, code).Emit();
            foreach (var shape in service.Shapes.Values.Where(s => s.EnumValues is not null))
            {
                EnumEmitter.Emit(code, Naming.Class(service, shape), shape.EnumValues!);
            }
        }

        using (code.Open($"namespace {space}.Model"))
        {
            new TypeEmitter(service, names, code).Emit();
            new PaginatorEmitter(service, names, code).Emit();
        }

        using (code.Open($"namespace {space}.Internal"))
        {
            new ModelEmitter(service, code, exceptions: true).Emit(names.Tables);
        }

        return code.ToString();
    }
}
