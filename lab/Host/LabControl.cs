using System.Text.Json;

using AwsCompat.Server;

using Dbre.Lab.Services.Lambda;

namespace Dbre.Lab.Host;

/// <summary>What the lab itself answers, beside the emulated cloud: how it is, and where its certificate authority is.</summary>
internal static class LabControl
{
    public static WireResponse Answer(LabHost lab, WireRequest request) => (request.Method, request.Path) switch
    {
        ("GET", "/_lab/status") => Json(200, new
        {
            address = lab.Address,
            processId = Environment.ProcessId,
            ready = lab.Ready,
            deployed = lab.Deployed,
            functions = lab.World.Service<LambdaService>().Functions.Select(f => f.Name),
            databaseAuthority = lab.DatabaseAuthorityFile,
            problems = lab.Problems,
        }),
        ("POST", "/_lab/stop") => Stop(lab),
        _ => Json(404, new { error = $"The lab has no {request.Method} {request.Path}; it has GET /_lab/status and POST /_lab/stop." }),
    };

    private static WireResponse Stop(LabHost lab)
    {
        lab.StopAsked.TrySetResult();
        return Json(202, new { stopping = true });
    }

    private static WireResponse Json(int status, object body) =>
        new(status, [new("Content-Type", "application/json")], JsonSerializer.SerializeToUtf8Bytes(body));
}
