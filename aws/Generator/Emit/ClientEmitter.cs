using static AwsCompat.Generator.CodeWriter;

namespace AwsCompat.Generator;

/// <summary>Emits the client class, its interface, its configuration and the base classes of its requests and exceptions.</summary>
internal sealed class ClientEmitter(ServiceDefinition service, PackageNames names, CodeWriter code)
{
    /// <summary>Operations that the official packages also offer without an argument.</summary>
    private static readonly HashSet<string> WithoutArgument = new(StringComparer.Ordinal)
    {
        "DescribeDBInstances", "DescribeDBSnapshots", "DescribeDBSubnetGroups", "DescribeEvents", "DescribeOptionGroups", "DescribeAccountAttributes",
        "DescribeSecurityGroups", "DescribeAlarms", "ListMetrics", "ListTopics", "ListFunctions",
    };

    public void Emit()
    {
        EmitConfig();
        code.Line($"public abstract partial class {names.Request} : AmazonWebServiceRequest {{ }}");
        ExceptionEmitter.Emit(code, names.Exception, "AmazonServiceException", []);
        EmitInterface();
        EmitClient();
    }

    private void EmitConfig()
    {
        using (code.Open($"public partial class {names.Config} : ServiceConfig"))
        {
            code.Line($"public static new string ServiceId => {Quote(service.ServiceId)};");
            code.Line($"public {names.Config}() : base({Quote(service.ServiceId)}, {Quote(service.SigningName)}, {Quote(service.EndpointPrefix)}, {Quote(service.ApiVersion)}) {{ }}");
        }
    }

    private void EmitInterface()
    {
        using (code.Open($"public partial interface {names.Interface} : IAmazonService, IDisposable"))
        {
            code.Line($"M.I{names.Last}PaginatorFactory Paginators {{ get; }}");
            code.Line($"static ClientConfig IAmazonService.CreateDefaultClientConfig() => new {names.Config}();");
            code.Line($"static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials credentials, ClientConfig config) => new {names.ClientClass}(credentials, ({names.Config})config);");
            foreach (var operation in service.Operations)
            {
                if (WithoutArgument.Contains(operation.Name))
                {
                    code.Line($"{WithoutArgumentSignature(operation)};");
                }

                code.Line($"{Signature(operation)};");
            }

            code.Line("Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);");
        }
    }

    private void EmitClient()
    {
        using (code.Open($"public partial class {names.ClientClass} : AmazonServiceClient, {names.Interface}"))
        {
            code.Line($"private static readonly IServiceMetadata Metadata = new ServiceMetadata({Quote(service.ServiceId)});");
            code.Line($"private static readonly ServiceOperations Operations = new(Internal.{names.Tables}.Service, {Quote(names.Space)}, static (m, i, t, c, r, s) => new {names.Exception}(m, i, t, c, r, s));");
            code.Line("protected override IServiceMetadata ServiceMetadata => Metadata;");
            code.Line($"public {names.ClientClass}() : base(new {names.Config}()) {{ }}");
            code.Line($"public {names.ClientClass}(RegionEndpoint region) : base(new {names.Config} {{ RegionEndpoint = region }}) {{ }}");
            code.Line($"public {names.ClientClass}({names.Config} config) : base(config) {{ }}");
            code.Line($"public {names.ClientClass}(AWSCredentials credentials) : this(credentials, new {names.Config}()) {{ }}");
            code.Line($"public {names.ClientClass}(AWSCredentials credentials, RegionEndpoint region) : this(credentials, new {names.Config} {{ RegionEndpoint = region }}) {{ }}");
            code.Line($"public {names.ClientClass}(AWSCredentials credentials, {names.Config} clientConfig) : base(credentials, clientConfig) {{ }}");
            code.Line("protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) { ServiceOperations.Customize(pipeline); CustomizePipeline(pipeline); }");
            code.Line("partial void CustomizePipeline(RuntimePipeline pipeline);");
            code.Line($"public M.I{names.Last}PaginatorFactory Paginators => field ??= new M.{names.Last}PaginatorFactory(this);");
            code.Line("public Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) => Config.DetermineServiceOperationEndpoint(new Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters(request));");
            foreach (var operation in service.Operations)
            {
                if (WithoutArgument.Contains(operation.Name))
                {
                    code.Line($"public virtual {WithoutArgumentSignature(operation)} => {operation.Name}Async(new M.{operation.Name}Request(), cancellationToken);");
                }

                code.Line($"public virtual {Signature(operation)} => InvokeAsync<M.{operation.Name}Response>(request, Operations[{Quote(operation.Name)}], cancellationToken);");
            }
        }
    }

    private static string Signature(OperationDefinition operation) =>
        $"Task<M.{operation.Name}Response> {operation.Name}Async(M.{operation.Name}Request request, CancellationToken cancellationToken = default)";

    private static string WithoutArgumentSignature(OperationDefinition operation) =>
        $"Task<M.{operation.Name}Response> {operation.Name}Async(CancellationToken cancellationToken = default)";
}
