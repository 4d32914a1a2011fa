using Amazon.Runtime;
using Amazon.Scheduler;
using Amazon.Scheduler.Model;

using Dbre.Lab.Services;
using Dbre.Lab.Simulation;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>A person with all permissions in both accounts.</summary>
internal sealed class Engineer(SimulatedCloud cloud)
{
    private readonly Dictionary<string, CallContext> accounts = new[] { SimulatedCloud.Account, DrillAssembly.OtherAccount }.ToDictionary(
        account => account,
        account => cloud.World.Iam.ContextForUser(cloud.World.Iam.CreateUser(account, "person", "AKIAPERSON" + account, "person").Arn, SimulatedCloud.HomeRegion),
        StringComparer.Ordinal);

    public T Do<T>(string service, AmazonWebServiceRequest request) where T : AmazonWebServiceResponse => Do<T>(service, request, SimulatedCloud.Account, SimulatedCloud.HomeRegion);

    public T Do<T>(string service, AmazonWebServiceRequest request, string account, string region) where T : AmazonWebServiceResponse =>
        cloud.Clock.Run(Ask<T>(service, request, accounts[account] with { Region = region }), TimeSpan.FromMinutes(1));

    /// <summary>Turns the canary, which goes every minute, on or off.</summary>
    public void Canary(ScheduleState state)
    {
        var found = Do<GetScheduleResponse>("scheduler", new GetScheduleRequest { GroupName = "dbre", Name = "canary-nightly" });
        Do<UpdateScheduleResponse>("scheduler", new UpdateScheduleRequest
        {
            GroupName = found.GroupName, Name = found.Name, Target = found.Target, ScheduleExpression = found.ScheduleExpression, State = state,
            ScheduleExpressionTimezone = found.ScheduleExpressionTimezone, FlexibleTimeWindow = found.FlexibleTimeWindow, Description = found.Description,
        });
    }

    private async Task<T> Ask<T>(string service, AmazonWebServiceRequest request, CallContext person) where T : AmazonWebServiceResponse =>
        (T)await cloud.World.Invoke(person, service, request).ConfigureAwait(false);
}
