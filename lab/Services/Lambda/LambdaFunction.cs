using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Dbre.Lab.Services.Lambda;

/// <summary>A function as deployed.</summary>
public sealed class LambdaFunction(string account, string region, string name, string folder)
{
    public string Account { get; } = account;

    public string Region { get; } = region;

    public string Name { get; } = name;

    public string Arn { get; } = $"arn:aws:lambda:{region}:{account}:function:{name}";

    /// <summary>The folder with its published files.</summary>
    public string Folder { get; set; } = folder;

    public required string Role { get; set; }

    public required string Handler { get; set; }

    public required string Runtime { get; set; }

    public int TimeoutSeconds { get; set; } = 3;

    public int MemoryMegabytes { get; set; } = 128;

    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    public int? ReservedConcurrency { get; set; }

    public string? Description { get; set; }

    public string? LogGroup { get; set; }

    public bool ActiveTracing { get; set; }

    /// <summary>The queue or topic of events that failed every try.</summary>
    public string? DeadLetters { get; set; }

    /// <summary>Stored and told; on one machine every network reaches every other.</summary>
    public VpcConfig? Network { get; set; }

    public DateTimeOffset LastModified { get; set; }

    public string RevisionId { get; set; } = "";

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    internal FunctionConfiguration Describe() => new()
    {
        FunctionName = Name,
        FunctionArn = Arn,
        Role = Role,
        Handler = Handler,
        Runtime = Runtime,
        Timeout = TimeoutSeconds,
        MemorySize = MemoryMegabytes,
        Description = Description ?? "",
        Environment = Environment.Count == 0 ? null : new EnvironmentResponse { Variables = new(Environment) },
        LastModified = LastModified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", System.Globalization.CultureInfo.InvariantCulture),
        LoggingConfig = new LoggingConfig { LogFormat = LogFormat.Text, LogGroup = LogGroup ?? $"/aws/lambda/{Name}" },
        TracingConfig = new TracingConfigResponse { Mode = ActiveTracing ? TracingMode.Active : TracingMode.PassThrough },
        DeadLetterConfig = DeadLetters is null ? null : new DeadLetterConfig { TargetArn = DeadLetters },
        VpcConfig = Network is null ? null : new VpcConfigDetail { SubnetIds = Network.SubnetIds, SecurityGroupIds = Network.SecurityGroupIds },
        PackageType = PackageType.Zip,
        Architectures = ["x86_64"],
        RevisionId = RevisionId,
        State = State.Active,
        LastUpdateStatus = LastUpdateStatus.Successful,
        Version = "$LATEST",
    };
}
