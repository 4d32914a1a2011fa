namespace Dbre.Functions.Runtime;

/// <summary>What the deployment tells a function. The environment is read here and nowhere else.</summary>
/// <param name="RecoveryRegions">The other Regions that functions are deployed to: what is restored there can be measured from inside.</param>
public sealed record Settings(
    string Handler, string Region, string LedgerTable, string EvidenceBucket, string RunBucket, string TopicArn, string StateMachineArn, string DatabaseCaFile,
    IReadOnlyList<string> RecoveryRegions)
{
    public static Settings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <param name="variable">The deployed environment of a function, by name; null where there is none of that name.</param>
    /// <exception cref="InvalidOperationException">One that every function has is not set.</exception>
    public static Settings From(Func<string, string?> variable)
    {
        string Read(string name) => variable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"The environment variable {name} is not set; the deployment sets it for every function.");

        // A function of the recovery Region has no ledger, topic or state machine; the one that needs a setting finds it empty at its first call.
        string Optional(string name) => variable(name) ?? "";
        return new Settings(
            Read("ANNOTATIONS_HANDLER"), Read("AWS_REGION"), Optional("LEDGER_TABLE"), Optional("EVIDENCE_BUCKET"), Optional("RUN_BUCKET"), Optional("TOPIC_ARN"),
            Optional("STATE_MACHINE_ARN"), Optional("DATABASE_CA_FILE"),
            Optional("RECOVERY_REGIONS").Split(',', StringSplitOptions.RemoveEmptyEntries));
    }
}
