namespace AwsCompat.Generator;

/// <summary>The names that a package's types are built from.</summary>
/// <param name="Space">The namespace: <c>Amazon.RDS</c>.</param>
/// <param name="Client">The middle of the client's name: <c>RDS</c>.</param>
internal sealed record PackageNames(string Space, string Client)
{
    /// <summary>The last part of the namespace begins the paginators' names.</summary>
    public string Last => Space.Split('.')[1];

    public string ClientClass => $"Amazon{Client}Client";

    public string Interface => $"IAmazon{Client}";

    public string Config => $"Amazon{Client}Config";

    public string Request => $"Amazon{Client}Request";

    public string Exception => $"Amazon{Client}Exception";

    /// <summary>The class of the generated tables.</summary>
    public string Tables => Last + "Model";
}
