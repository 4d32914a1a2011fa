using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;

using Constructs;

using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Constructs;

/// <summary>A function with its own role, holding what its class allows plus writing to its own log group and traces, and a log group that forgets.</summary>
public sealed class FunctionWithDefaults : Construct
{
    private static readonly Allowance Traces = new(
        ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], On: null, Why: "X-Ray has no resource scope for writing traces");

    private static readonly Allowance NetworkInterfaces = new(
        ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:UnassignPrivateIpAddresses"],
        On: null, Why: "Lambda makes the function's network interfaces, whose ids do not exist beforehand");

    public FunctionWithDefaults(Construct scope, FunctionSpec spec, FunctionPlacement placement) : base(scope, spec.ClassName)
    {
        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            LogGroupName = Deployed.LogGroup(spec),
            Retention = RetentionDays.THREE_MONTHS,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        var vpc = placement.Settings.Vpcs.GetValueOrDefault(placement.Names.Region);
        Allowance[] own =
        [
            .. spec.Allowances.Select(p => p.Filled(template => placement.Arns.Fill(template, spec.Where))),
            new(["logs:CreateLogStream", "logs:PutLogEvents"], placement.Names.LogGroupArn(spec) + ":*", Why: null),
            Traces,
            .. vpc is null ? Array.Empty<Allowance>() : [NetworkInterfaces],
            .. placement.FailedEventsQueueArn is { } queue ? [new Allowance(["sqs:SendMessage"], queue, Why: null)] : Array.Empty<Allowance>(),
        ];
        var role = new RoleWithReasons(this, "Role", spec.Name + placement.RoleSuffix, new ServicePrincipal("lambda.amazonaws.com"), own);
        var function = new CfnFunction(this, "Function", new CfnFunctionProps
        {
            FunctionName = spec.Name,
            Description = $"{spec.ClassName} of {spec.AssemblyName}",
            Runtime = "dotnet10",
            Architectures = ["x86_64"],
            Handler = spec.AssemblyName,
            Code = placement.Code(spec.Domain),
            Timeout = spec.TimeoutSeconds,
            MemorySize = spec.MemoryMegabytes,
            TracingConfig = new CfnFunction.TracingConfigProperty { Mode = "Active" },
            LoggingConfig = new CfnFunction.LoggingConfigProperty { LogGroup = logs.LogGroupName },
            Role = role.Role.RoleArn,
            Environment = new CfnFunction.EnvironmentProperty { Variables = new Dictionary<string, string>(placement.Environment(spec), StringComparer.Ordinal) },
            DeadLetterConfig = placement.FailedEventsQueueArn is null ? null : new CfnFunction.DeadLetterConfigProperty { TargetArn = placement.FailedEventsQueueArn },
            VpcConfig = vpc is null ? null : new CfnFunction.VpcConfigProperty { SubnetIds = [.. vpc.SubnetIds], SecurityGroupIds = [.. vpc.SecurityGroupIds] },
        });
        Name = function.Ref;
        Arn = function.AttrArn;
    }

    public string Name { get; }

    public string Arn { get; }
}
