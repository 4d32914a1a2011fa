using Amazon.Runtime;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

/// <summary>A service that is only its wire format: requests are read, handed to the test, and its answer written.</summary>
internal sealed class WireServer(string service, Func<AmazonWebServiceRequest, AmazonWebServiceResponse> answer)
{
    public const string RequestId = "b25f48e8-84fd-11e6-80d9-574e0c4664cb";

    /// <summary>What was asked, in order.</summary>
    public List<AmazonWebServiceRequest> Requests { get; } = [];

    public List<WireRequest> Raw { get; } = [];

    public WireResponse Handle(WireRequest request)
    {
        Raw.Add(request);
        var wire = ServiceWires.All[service].For(request);
        try
        {
            var operation = wire.ReadOperation(request);
            var typed = wire.ReadRequest(operation, request);
            Requests.Add(typed);
            return wire.WriteResponse(operation, answer(typed), RequestId);
        }
        catch (WireFormatException exception)
        {
            return wire.WriteError(exception.Code, exception.Message, 400, RequestId);
        }
        catch (WireFailure failure)
        {
            return wire.WriteError(failure.Code, failure.Message, failure.Status, RequestId, failure.Details);
        }
    }
}
