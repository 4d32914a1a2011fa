using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Dbre.Lab.Services.Lambda;

/// <summary>AWS Lambda: functions and their invocation. Code is a folder on this machine, known by the bucket and key that a template names.</summary>
public sealed partial class LambdaService : EmulatedService
{
    // AWS Lambda quotas: concurrent executions of an account and Region; payloads of 6 MB (request and response) and 1 MB (asynchronous).
    private const int AccountConcurrency = 1000;

    private readonly IFunctionHost host;
    private readonly SortedDictionary<string, LambdaFunction> functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> running = new(StringComparer.Ordinal);

    public LambdaService(World world, IFunctionHost host) : base("lambda", world)
    {
        this.host = host;
        On<CreateFunctionRequest, CreateFunctionResponse>(CreateFunction);
        On<GetFunctionRequest, GetFunctionResponse>(GetFunction);
        On<GetFunctionConfigurationRequest, GetFunctionConfigurationResponse>(GetFunctionConfiguration);
        On<ListFunctionsRequest, ListFunctionsResponse>(ListFunctions);
        On<DeleteFunctionRequest, DeleteFunctionResponse>(DeleteFunction);
        On<UpdateFunctionCodeRequest, UpdateFunctionCodeResponse>(UpdateFunctionCode);
        On<UpdateFunctionConfigurationRequest, UpdateFunctionConfigurationResponse>(UpdateFunctionConfiguration);
        On<PutFunctionConcurrencyRequest, PutFunctionConcurrencyResponse>(PutFunctionConcurrency);
        OnAsync<InvokeRequest, InvokeResponse>(Invoke);
    }

    /// <summary>Every function, in the order of their ARNs.</summary>
    public IReadOnlyList<LambdaFunction> Functions
    {
        get
        {
            lock (World.Gate)
            {
                return [.. functions.Values];
            }
        }
    }

    private CreateFunctionResponse CreateFunction(CallContext call, CreateFunctionRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName), nameof(request.Runtime), nameof(request.Role), nameof(request.Handler), nameof(request.Code),
            nameof(request.Description), nameof(request.Timeout), nameof(request.MemorySize), nameof(request.Environment), nameof(request.TracingConfig),
            nameof(request.Tags), nameof(request.Architectures), nameof(request.LoggingConfig), nameof(request.PackageType),
            nameof(request.DeadLetterConfig), nameof(request.VpcConfig));
        var arn = ArnOf(call, request.FunctionName);
        call.Authorize("lambda:CreateFunction", arn);
        call.Authorize("iam:PassRole", request.Role);
        World.Iam.CheckTrust(request.Role, "lambda.amazonaws.com");
        if (functions.ContainsKey(arn))
        {
            throw new ServiceException("ResourceConflictException", $"Function already exist: {request.FunctionName}", 409);
        }

        CheckArchitecture(request.Architectures);
        CheckDeadLetters(request.DeadLetterConfig);
        var function = new LambdaFunction(call.Account, call.Region, request.FunctionName, Folder(request.Code?.S3Bucket, request.Code?.S3Key))
        {
            Role = request.Role,
            Handler = request.Handler,
            Runtime = request.Runtime?.Value ?? throw Invalid("Runtime is missing; it is required for a zip package."),
            Description = request.Description,
            LogGroup = request.LoggingConfig?.LogGroup,
            ActiveTracing = request.TracingConfig?.Mode == TracingMode.Active,
            DeadLetters = request.DeadLetterConfig?.TargetArn,
            Network = request.VpcConfig,
            Tags = request.Tags ?? [],
        };
        Configure(function, request.Timeout, request.MemorySize, request.Environment);
        functions.Add(arn, function);
        return Copied<CreateFunctionResponse>(function.Describe());
    }

    private static void CheckDeadLetters(DeadLetterConfig? undelivered)
    {
        if (undelivered?.TargetArn is { Length: > 0 } arn && Arn.TryParse(arn) is not { Service: "sqs" })
        {
            throw Invalid($"DeadLetterConfig.TargetArn is '{arn}'; the lab emulates queues, arn:aws:sqs:….");
        }
    }

    private UpdateFunctionConfigurationResponse UpdateFunctionConfiguration(CallContext call, UpdateFunctionConfigurationRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName), nameof(request.Role), nameof(request.Handler), nameof(request.Description), nameof(request.Timeout),
            nameof(request.MemorySize), nameof(request.Environment), nameof(request.Runtime), nameof(request.TracingConfig), nameof(request.LoggingConfig),
            nameof(request.DeadLetterConfig), nameof(request.VpcConfig));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:UpdateFunctionConfiguration", function.Arn);
        CheckDeadLetters(request.DeadLetterConfig);
        function.Role = request.Role ?? function.Role;
        function.Handler = request.Handler ?? function.Handler;
        function.Description = request.Description ?? function.Description;
        function.Runtime = request.Runtime?.Value ?? function.Runtime;
        function.LogGroup = request.LoggingConfig?.LogGroup ?? function.LogGroup;
        function.ActiveTracing = request.TracingConfig is { } tracing ? tracing.Mode == TracingMode.Active : function.ActiveTracing;
        function.DeadLetters = request.DeadLetterConfig?.TargetArn ?? function.DeadLetters;
        function.Network = request.VpcConfig ?? function.Network;
        Configure(function, request.Timeout, request.MemorySize, request.Environment);
        host.Retire(function);
        return Copied<UpdateFunctionConfigurationResponse>(function.Describe());
    }

    private UpdateFunctionCodeResponse UpdateFunctionCode(CallContext call, UpdateFunctionCodeRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName), nameof(request.S3Bucket), nameof(request.S3Key), nameof(request.Architectures));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:UpdateFunctionCode", function.Arn);
        CheckArchitecture(request.Architectures);
        function.Folder = Folder(request.S3Bucket, request.S3Key);
        function.RevisionId = World.NewId();
        host.Retire(function);
        return Copied<UpdateFunctionCodeResponse>(function.Describe());
    }

    private GetFunctionResponse GetFunction(CallContext call, GetFunctionRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:GetFunction", function.Arn);
        return new GetFunctionResponse
        {
            Configuration = function.Describe(),
            Code = new FunctionCodeLocation { RepositoryType = "S3", Location = function.Folder },
            Tags = new(function.Tags),
            Concurrency = function.ReservedConcurrency is { } reserved ? new Concurrency { ReservedConcurrentExecutions = reserved } : null,
        };
    }

    private GetFunctionConfigurationResponse GetFunctionConfiguration(CallContext call, GetFunctionConfigurationRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:GetFunctionConfiguration", function.Arn);
        return Copied<GetFunctionConfigurationResponse>(function.Describe());
    }

    private ListFunctionsResponse ListFunctions(CallContext call, ListFunctionsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Marker), nameof(request.MaxItems));
        call.Authorize("lambda:ListFunctions", "*");
        var own = functions.Values.Where(f => f.Account == call.Account && f.Region == call.Region).ToList();
        var page = Page.Of(own, f => f.Name, request.Marker, request.MaxItems ?? 50, "InvalidParameterValueException");
        return new ListFunctionsResponse { Functions = [.. page.Items.Select(f => f.Describe())], NextMarker = page.NextToken };
    }

    private DeleteFunctionResponse DeleteFunction(CallContext call, DeleteFunctionRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:DeleteFunction", function.Arn);
        functions.Remove(function.Arn);
        host.Retire(function);
        return new DeleteFunctionResponse { StatusCode = 204 };
    }

    private PutFunctionConcurrencyResponse PutFunctionConcurrency(CallContext call, PutFunctionConcurrencyRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName), nameof(request.ReservedConcurrentExecutions));
        var function = Find(call, request.FunctionName);
        call.Authorize("lambda:PutFunctionConcurrency", function.Arn);
        function.ReservedConcurrency = request.ReservedConcurrentExecutions;
        return new PutFunctionConcurrencyResponse { ReservedConcurrentExecutions = request.ReservedConcurrentExecutions };
    }

    private void Configure(LambdaFunction function, int? timeout, int? memory, Amazon.Lambda.Model.Environment? environment)
    {
        function.TimeoutSeconds = timeout is null or (>= 1 and <= 900) ? timeout ?? function.TimeoutSeconds : throw Invalid($"Timeout is {timeout}; allowed are 1 to 900 seconds.");
        function.MemoryMegabytes = memory is null or (>= 128 and <= 10240) ? memory ?? function.MemoryMegabytes : throw Invalid($"MemorySize is {memory}; allowed are 128 to 10240 MB.");
        function.Environment = environment?.Variables is { } variables ? new Dictionary<string, string>(variables, StringComparer.Ordinal) : function.Environment;
        function.LastModified = World.Now;
        function.RevisionId = World.NewId();
    }

    /// <summary>By name, partial ARN or ARN, in the caller's account unless the ARN says another.</summary>
    private LambdaFunction Find(CallContext call, string name)
    {
        var arn = ArnOf(call, name);
        return functions.GetValueOrDefault(arn) ?? throw new ServiceException("ResourceNotFoundException", $"Function not found: {arn}", 404);
    }

    private string Folder(string? bucket, string? key) => World.Artifacts.Find(bucket ?? "", key ?? "")
        ?? throw Invalid($"Error occurred while GetObject. There is no code at S3Bucket '{bucket}', S3Key '{key}'.");

    private static void CheckArchitecture(List<string>? architectures)
    {
        if (architectures is { Count: > 0 } && !architectures.SequenceEqual(["x86_64"]))
        {
            throw Invalid($"Architectures is '{string.Join(", ", architectures)}'; the lab runs the deployed files on this machine, which are built for x86_64.");
        }
    }

    private static string ArnOf(CallContext call, string name) =>
        name.StartsWith("arn:", StringComparison.Ordinal) ? name : $"arn:aws:lambda:{call.Region}:{call.Account}:function:{name}";

    private static ServiceException Invalid(string message) => new("InvalidParameterValueException", message);

    /// <summary>Several operations answer a function's configuration, each in a type of its own.</summary>
    private static T Copied<T>(FunctionConfiguration from) where T : new()
    {
        var to = new T();
        foreach (var property in typeof(FunctionConfiguration).GetProperties())
        {
            typeof(T).GetProperty(property.Name)?.SetValue(to, property.GetValue(from));
        }

        return to;
    }
}
