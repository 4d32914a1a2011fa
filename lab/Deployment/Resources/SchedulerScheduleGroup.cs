using Amazon.Scheduler.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SchedulerScheduleGroup() : ResourceType("AWS::Scheduler::ScheduleGroup")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var name = properties.Text("Name");
        return async context =>
        {
            context.RefuseChange(Name);
            var made = await context.Invoke<CreateScheduleGroupResponse>("scheduler", new CreateScheduleGroupRequest { Name = name }).ConfigureAwait(false);
            return Made(name, ("Arn", made.ScheduleGroupArn));
        };
    }
}
