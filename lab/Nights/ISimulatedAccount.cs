using Amazon.Runtime;

using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights;

/// <summary>A simulated account in which something is restored, and a person in it who may do everything.</summary>
public interface ISimulatedAccount : IDisposable
{
    SimulatedCloud Cloud { get; }

    /// <summary>Does something as a person with all permissions would.</summary>
    T Do<T>(string service, AmazonWebServiceRequest request) where T : AmazonWebServiceResponse;
}
