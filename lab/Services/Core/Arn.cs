namespace Dbre.Lab.Services;

/// <summary>An Amazon Resource Name, <c>arn:aws:service:region:account:resource</c>. Region and account are empty where the service has none.</summary>
public sealed record Arn(string Service, string Region, string Account, string Resource)
{
    public override string ToString() => $"arn:aws:{Service}:{Region}:{Account}:{Resource}";

    /// <returns>Null when the text is not an ARN.</returns>
    public static Arn? TryParse(string? text)
    {
        var parts = text?.Split(':', 6);
        return parts is ["arn", "aws", var service, var region, var account, var resource] && resource.Length > 0
            ? new Arn(service, region, account, resource)
            : null;
    }
}
