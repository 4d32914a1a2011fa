namespace AwsCompat.Generator;

/// <summary>One service's tables for <c>aws/ServerWire</c>.</summary>
internal static class ServerFile
{
    /// <param name="space">The client package's namespace: its types carry the requests and responses.</param>
    public static string Emit(ServiceDefinition service, string space)
    {
        var code = new CodeWriter();
        FileHeader.Emit(code, space);
        code.Line("namespace AwsCompat.Server.Models;");
        new ModelEmitter(service, code, exceptions: false).Emit(space.Split('.')[1] + "Model");
        return code.ToString();
    }
}
