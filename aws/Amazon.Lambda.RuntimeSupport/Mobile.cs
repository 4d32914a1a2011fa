using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Reads the two JSON headers that mobile clients send along.</summary>
internal static class Mobile
{
    public static IClientContext? ReadClientContext(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var client = root.TryGetProperty("client", out var c) ? c : default;
        return new ClientContext(
            Pairs(root, "env"),
            new Application(Text(client, "app_package_name"), Text(client, "app_title"), Text(client, "app_version_code"), Text(client, "app_version_name"), Text(client, "installation_id")),
            Pairs(root, "custom"));
    }

    public static ICognitoIdentity? ReadIdentity(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return new CognitoIdentity(Text(document.RootElement, "cognitoIdentityId"), Text(document.RootElement, "cognitoIdentityPoolId"));
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static Dictionary<string, string> Pairs(JsonElement root, string name) =>
        root.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)
            : [];

    private sealed record ClientContext(IDictionary<string, string> Environment, IClientApplication Client, IDictionary<string, string> Custom) : IClientContext;

    private sealed record Application(string AppPackageName, string AppTitle, string AppVersionCode, string AppVersionName, string InstallationId) : IClientApplication;

    private sealed record CognitoIdentity(string IdentityId, string IdentityPoolId) : ICognitoIdentity;
}
