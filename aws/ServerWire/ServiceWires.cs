using AwsCompat.Server.Models;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>The services whose wire format is known here.</summary>
public static class ServiceWires
{
    /// <summary>By signing name.</summary>
    public static IReadOnlyDictionary<string, ServiceWire> All { get; } = new[]
    {
        Wire(CloudWatchModel.Service),
        Wire(CloudWatchLogsModel.Service),
        Wire(DynamoDBv2Model.Service),
        Wire(EC2Model.Service),
        Wire(EventBridgeModel.Service),
        Wire(KeyManagementServiceModel.Service),
        Wire(LambdaModel.Service),
        Wire(RDSModel.Service),
        Wire(SchedulerModel.Service),
        Wire(SecretsManagerModel.Service),
        Wire(SecurityTokenModel.Service),
        Wire(SimpleNotificationServiceModel.Service),
        Wire(SQSModel.Service),
        Wire(StepFunctionsModel.Service),
    }.ToDictionary(w => w.SigningName, StringComparer.Ordinal);

    private static ServiceWire Wire(ServiceModel model) => model.Protocol switch
    {
        Protocol.Query when model.TargetPrefix.Length > 0 => new NegotiatedWire(new QueryWire(model), new JsonWire(model)),
        Protocol.Query => new QueryWire(model),
        Protocol.Ec2 => new Ec2Wire(model),
        Protocol.Json => new JsonWire(model),
        _ => new RestJsonWire(model),
    };
}
