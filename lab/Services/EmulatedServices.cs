using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Ec2;
using Dbre.Lab.Services.Events;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Logs;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.Scheduler;
using Dbre.Lab.Services.SecretsManager;
using Dbre.Lab.Services.Sns;
using Dbre.Lab.Services.Sqs;
using Dbre.Lab.Services.States;
using Dbre.Lab.Services.Sts;

namespace Dbre.Lab.Services;

/// <summary>Which services an emulated cloud has: all that the stacks use, in the lab and in the simulation alike.</summary>
public static class EmulatedServices
{
    /// <param name="world">The cloud.</param>
    /// <param name="functions">What runs the deployed functions.</param>
    /// <param name="rds">RDS over the engines of that ground.</param>
    /// <param name="alarms">CloudWatch at the pace of that ground.</param>
    /// <param name="tables">How long DynamoDB takes.</param>
    /// <param name="keepData">Whether the histories of executions keep inputs and outputs.</param>
    public static void AddTo(World world, IFunctionHost functions, RdsService rds, CloudWatchService alarms, TablePace tables, bool keepData = true)
    {
        world.Add(new KmsService(world));
        world.Add(new StsService(world));
        world.Add(new DynamoDbService(world) { Pace = tables });
        world.Add(new S3Service(world));
        world.Add(new SnsService(world));
        world.Add(new SqsService(world));
        world.Add(new SecretsManagerService(world));
        world.Add(new LogsService(world));
        world.Add(alarms);
        world.Add(new EventBridgeService(world));
        world.Add(new SchedulerService(world));
        world.Add(new StepFunctionsService(world, keepData));
        world.Add(new LambdaService(world, functions));
        world.Add(new Ec2Service(world));
        world.Add(rds);
    }
}
