using System.Text;
using System.Text.Json;

using Amazon.Lambda;
using Amazon.Lambda.Model;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Core.Proof;

/// <param name="SecretRegion">The source's Region: a restored copy has the logins that its source had.</param>
/// <param name="Sampled">Tables of which only samples were read at the source, so that the same rows are read; null decides by how large each is.</param>
public sealed record MeasureDatabaseRequest(string Engine, string Address, int Port, string SecretId, string SecretRegion, IReadOnlyList<string>? Sampled = null);

/// <summary>Has a database measured from inside another Region's network, by the function that is deployed there.</summary>
public sealed class RegionalMeasurement(AwsClients aws)
{
    /// <summary>What the function is called in every Region.</summary>
    public const string Function = "dbre-measure-database";

    /// <returns>What was found; or null, and what the database said.</returns>
    /// <exception cref="TransientException">It was cut short: that says nothing about the database, and a false alarm would teach people not to listen.</exception>
    public async Task<(Measurement? Found, string Unreadable)> Measure(string region, MeasureDatabaseRequest request, CancellationToken stop)
    {
        var answer = await aws.Lambda(new Location(region)).InvokeAsync(
            new InvokeRequest
            {
                FunctionName = Function,
                InvocationType = InvocationType.RequestResponse,
                PayloadStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(request, FunctionJson.Options)),
            },
            stop).ConfigureAwait(false);
        var payload = Encoding.UTF8.GetString(answer.Payload.ToArray());
        if (string.IsNullOrEmpty(answer.FunctionError))
        {
            return (JsonSerializer.Deserialize<Measurement>(payload, FunctionJson.Options), "");
        }

        using var error = JsonDocument.Parse(payload);
        var said = error.RootElement.TryGetProperty("errorMessage", out var message) ? message.GetString()! : payload;
        return TransientException.CoversErrorType(error.RootElement.TryGetProperty("errorType", out var type) ? type.GetString() : null)
            ? throw new TransientException($"Measuring the restored database was cut short: {said}")
            : (null, said);
    }
}
