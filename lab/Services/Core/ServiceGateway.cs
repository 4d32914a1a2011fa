using System.IO.Compression;
using System.Text;
using AwsCompat.Server;
using Dbre.Lab.Services.Signing;

namespace Dbre.Lab.Services;

/// <summary>
/// The door to the emulated cloud: checks the signature, finds account, Region and service in it, reads the operation from the wire, runs it,
/// writes the answer. The loopback port and clients in the same process come through here alike.
/// </summary>
/// <param name="wires">The generated wire formats by signing name.</param>
/// <param name="log">Told of every unexpected exception; the caller sees 500 InternalFailure.</param>
/// <param name="signingClock">The clock that clients sign by. Only the simulation gives one: there the SDK signs in real time while the world's clock is virtual.</param>
public sealed class ServiceGateway(
    World world, IReadOnlyDictionary<string, ServiceWire> wires, Action<string, Exception>? log = null, TimeProvider? signingClock = null)
{
    private readonly SignatureCheck signatures = new(world, signingClock ?? world.Clock);

    /// <summary>Told of every call that reached a service, after it was answered.</summary>
    public Action<ObservedCall>? Observe { get; init; }

    /// <summary>Stands around every call: the simulation's latency and faults. Null is none.</summary>
    public ICallWeather? Weather { get; init; }

    /// <summary>Answers one request. Never throws: errors are answers.</summary>
    public async Task<WireResponse> Handle(WireRequest request)
    {
        var requestId = world.NewId();
        var service = "";
        try
        {
            var claim = SignatureClaim.Read(request)
                ?? throw new SignatureException(SignatureFault.Missing, "Missing Authentication Token");
            service = claim.Service;
            var (principal, body) = signatures.Verify(claim, request);
            var call = world.Iam.Context(principal, claim.Region) with { RequestId = requestId };
            return await Dispatch(service, call, Decompressed(service, body)).ConfigureAwait(false);
        }
        catch (SignatureException e)
        {
            return WriteError(service, e.For(service), request, requestId);
        }
        catch (ServiceException e)
        {
            return WriteError(service, e, request, requestId);
        }
#pragma warning disable CA1031 // A fault of the lab must reach the caller as a 500 that names it, as a fault of AWS would.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log?.Invoke($"{service}: {e.GetType().Name}: {e.Message}", e);
            return WriteError(service, new ServiceException("InternalFailure", $"{e.GetType().Name}: {e.Message}", 500), request, requestId);
        }
    }

    private async Task<WireResponse> Dispatch(string service, CallContext call, WireRequest request)
    {
        if (!world.Services.TryGetValue(service, out var emulated))
        {
            throw ServiceErrors.NoSuchService(service, world.Services.Keys);
        }

        if (emulated is IRawService raw)
        {
            return await Raw(raw, service, call, request).ConfigureAwait(false);
        }

        var wire = wires[service].For(request);
        string? operation = null, error = null;
        try
        {
            operation = wire.ReadOperation(request);
            if (!emulated.Operations.ContainsKey(operation))
            {
                throw ServiceErrors.NoSuchOperation(service, operation);
            }

            var typed = wire.ReadRequest(operation, request);
            var begun = new BegunCall(service, operation, call, typed);
            await Before(begun).ConfigureAwait(false);
            var response = await Carry(begun, () => world.Invoke(call, service, typed)).ConfigureAwait(false);
            return wire.WriteResponse(operation, response, call.RequestId);
        }
        catch (WireFormatException e)
        {
            error = e.Code;
            throw new ServiceException(e.Code, e.Message);
        }
        catch (ServiceException e)
        {
            error = e.Code;
            throw;
        }
        finally
        {
            Observe?.Invoke(new ObservedCall(service, operation ?? "", call.PrincipalArn, call.Account, call.Region, error));
        }
    }

    private async Task<WireResponse> Raw(IRawService raw, string service, CallContext call, WireRequest request)
    {
        // Its operation is in method and path, which only the service understands.
        string? error = null;
        try
        {
            var begun = new BegunCall(service, request.Method, call, null);
            await Before(begun).ConfigureAwait(false);
            var answer = await raw.Handle(call, request).ConfigureAwait(false);
            error = answer.Status < 400 ? null : $"{answer.Status}";
            await After(begun, error).ConfigureAwait(false);
            return answer;
        }
        catch (ServiceException e)
        {
            error = e.Code;
            throw;
        }
        finally
        {
            Observe?.Invoke(new ObservedCall(service, request.Method, call.PrincipalArn, call.Account, call.Region, error));
        }
    }

    private async Task<Amazon.Runtime.AmazonWebServiceResponse> Carry(BegunCall call, Func<Task<Amazon.Runtime.AmazonWebServiceResponse>> work)
    {
        Amazon.Runtime.AmazonWebServiceResponse response;
        try
        {
            response = await work().ConfigureAwait(false);
        }
        catch (ServiceException refused)
        {
            // A refusal may be lost on its way as well.
            await After(call, refused.Code).ConfigureAwait(false);
            throw;
        }

        await After(call, null).ConfigureAwait(false);
        return response;
    }

    private Task Before(BegunCall call) => Weather?.Before(call) ?? Task.CompletedTask;

    private Task After(BegunCall call, string? error) => Weather?.After(call, error) ?? Task.CompletedTask;

    private WireResponse WriteError(string service, ServiceException error, WireRequest request, string requestId)
    {
        if (world.Services.GetValueOrDefault(service) is IRawService raw)
        {
            return raw.WriteError(error.Code, error.Message, error.Status, requestId);
        }

        if (wires.TryGetValue(service, out var wire))
        {
            return wire.For(request).WriteError(error.Code, error.Message, error.Status, requestId, error.Details);
        }

        // No service, so no protocol: this form is read by the JSON clients as type and message, and by people.
        var text = $$"""{"__type":"{{error.Code}}","message":"{{System.Text.Encodings.Web.JavaScriptEncoder.Default.Encode(error.Message)}}"}""";
        return new WireResponse(
            error.Status,
            [new("Content-Type", "application/x-amz-json-1.1"), new("x-amzn-RequestId", requestId)],
            Encoding.UTF8.GetBytes(text));
    }

    // The SDKs compress large CloudWatch requests; S3's Content-Encoding belongs to the object.
    private static WireRequest Decompressed(string service, WireRequest request)
    {
        if (service == "s3" || !request.Headers.TryGetValue("Content-Encoding", out var encoding) || encoding != "gzip")
        {
            return request;
        }

        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(request.Body.ToArray()), CompressionMode.Decompress))
        {
            gzip.CopyTo(plain);
        }

        return request with { Body = plain.ToArray() };
    }
}

/// <summary>One call that a service answered: what benches count and tests assert on.</summary>
/// <param name="Operation">As the model names it; the HTTP method for S3.</param>
/// <param name="Error">The error code, or null when it succeeded.</param>
public sealed record ObservedCall(string Service, string Operation, string PrincipalArn, string Account, string Region, string? Error);

/// <summary>A call that is about to reach a service.</summary>
/// <param name="Operation">As the model names it; the HTTP method for S3.</param>
/// <param name="Request">The client's own request type; null for S3.</param>
public sealed record BegunCall(string Service, string Operation, CallContext Caller, Amazon.Runtime.AmazonWebServiceRequest? Request);

/// <summary>What may happen to a call on its way: it takes time, it is refused, its answer is lost, or nobody ever answers.</summary>
public interface ICallWeather
{
    /// <summary>Before the service sees it. A <see cref="ServiceException"/> is the answer then.</summary>
    Task Before(BegunCall call);

    /// <summary>After the service did it. A <see cref="ServiceException"/> is the answer then, though the effect stays.</summary>
    /// <param name="error">The code of the service's refusal; null when it did what was asked.</param>
    Task After(BegunCall call, string? error);
}
