namespace Amazon.Lambda.Core;

/// <summary>What a mobile application sends about itself and the device.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IClientApplication Client { get; }

    IDictionary<string, string> Custom { get; }
}
