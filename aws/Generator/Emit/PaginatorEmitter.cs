namespace AwsCompat.Generator;

/// <summary>Emits the paginators: for each paginated operation an enumeration of its responses and one for each list that continues.</summary>
internal sealed class PaginatorEmitter(ServiceDefinition service, PackageNames names, CodeWriter code)
{
    private readonly Types types = new(service);

    public void Emit()
    {
        using (code.Open($"public partial interface I{names.Last}PaginatorFactory"))
        {
            foreach (var paginator in service.Paginators)
            {
                code.Line($"I{paginator.Operation}Paginator {paginator.Operation}({paginator.Operation}Request request);");
            }
        }

        using (code.Open($"public class {names.Last}PaginatorFactory(E.{names.Interface} client) : I{names.Last}PaginatorFactory"))
        {
            foreach (var paginator in service.Paginators)
            {
                code.Line($"public I{paginator.Operation}Paginator {paginator.Operation}({paginator.Operation}Request request) => new {paginator.Operation}Paginator(client, request);");
            }
        }

        foreach (var paginator in service.Paginators)
        {
            EmitPaginator(paginator);
        }
    }

    private void EmitPaginator(PaginatorDefinition paginator)
    {
        var operation = paginator.Operation;
        var output = service.Shapes[service.Operations.Single(o => o.Name == operation).Output!];
        var lists = paginator.ResultKeys.Select(key => (
            Name: Naming.Capital(key),
            Item: types.Item(service.Shapes[output.Members.Single(m => m.Name == key).Shape].Item!.Shape))).ToList();
        using (code.Open($"public interface I{operation}Paginator"))
        {
            code.Line($"IPaginatedEnumerable<{operation}Response> Responses {{ get; }}");
            foreach (var (name, item) in lists)
            {
                code.Line($"IPaginatedEnumerable<{item}> {name} {{ get; }}");
            }
        }

        using (code.Open($"internal sealed class {operation}Paginator(E.{names.Interface} client, {operation}Request request) : I{operation}Paginator"))
        {
            var (input, next) = (Naming.Capital(paginator.InputToken), Naming.Capital(paginator.OutputToken));
            code.Line($"private readonly Pages<{operation}Request, {operation}Response> pages = new(request, client.{operation}Async, static r => r.{next}, static (r, token) => r.{input} = token);");
            code.Line($"public IPaginatedEnumerable<{operation}Response> Responses => new PaginatedResponse<{operation}Response>(pages);");
            foreach (var (name, item) in lists)
            {
                code.Line($"public IPaginatedEnumerable<{item}> {name} => new PaginatedResultKeyResponse<{operation}Response, {item}>(pages, static r => r.{name} ?? new List<{item}>());");
            }
        }
    }
}
