namespace Dbre.Lab.Services;

/// <summary>What other services ask of Secrets Manager: secrets of the customer's account that only the service that made them changes and deletes.</summary>
public interface IManagedSecrets
{
    /// <summary>Makes a secret in the caller's name, so the caller must be allowed to make and to tag it.</summary>
    /// <param name="owner">The service: <c>rds</c>.</param>
    /// <param name="key">The ARN of the key that encrypts it; null is Secrets Manager's own.</param>
    /// <returns>Its ARN.</returns>
    /// <exception cref="ServiceException">AccessDenied, naming caller, action and secret.</exception>
    string Create(CallContext call, string owner, string name, string text, string? key, IReadOnlyDictionary<string, string> tags);

    /// <summary>Removes it at once; one that is gone is none: no error.</summary>
    void Delete(string arn);
}
