namespace Dbre.Functions.Runtime;

/// <summary>What the deployment tells a function. The environment is read here and nowhere else.</summary>
public sealed record Settings(
    string Handler, string Region, string LedgerTable, string EvidenceBucket, string TopicArn, string StateMachineArn, string DatabaseCaFile)
{
    public static Settings FromEnvironment() => new(
        Read("ANNOTATIONS_HANDLER"), Read("AWS_REGION"), Optional("LEDGER_TABLE"), Optional("EVIDENCE_BUCKET"), Optional("TOPIC_ARN"),
        Optional("STATE_MACHINE_ARN"), Optional("DATABASE_CA_FILE"));

    private static string Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"The environment variable {name} is not set; the deployment sets it for every function.");

    // A function of the recovery Region has no ledger, topic or state machine; the one that needs a setting finds it empty at its first call.
    private static string Optional(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
