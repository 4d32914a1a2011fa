using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Runtime;

using Microsoft.Extensions.DependencyInjection;

namespace Dbre.Functions.Restore;

/// <summary>What the functions of this domain are made from.</summary>
public static class Composition
{
    /// <param name="services">Where they are added.</param>
    /// <param name="settings">The deployment's.</param>
    /// <param name="aws">Null is clients on the process's own role; tests and the simulation give theirs.</param>
    /// <param name="clock">Null is the system's.</param>
    public static void Add(IServiceCollection services, Settings settings, AwsClients? aws = null, TimeProvider? clock = null)
    {
        CoreServices.Add(services, settings, aws, clock);
        services.AddSingleton(RestoreRules.InForce);
    }
}
