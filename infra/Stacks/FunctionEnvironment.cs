using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Stacks;

/// <summary>The environment variables of a function; the functions' own Settings are the only reader.</summary>
public static class FunctionEnvironment
{
    /// <summary>What every function gets, wherever it runs.</summary>
    public static SortedDictionary<string, string> Common(FunctionSpec function, string databaseCaFile) => new(StringComparer.Ordinal)
    {
        ["ANNOTATIONS_HANDLER"] = function.ClassName,
        ["DATABASE_CA_FILE"] = databaseCaFile,
        ["POWERTOOLS_LOG_LEVEL"] = "Information",
        ["POWERTOOLS_SERVICE_NAME"] = "dbre-" + KebabCase.From(function.Domain),
    };

    /// <summary>And what it gets where the ledger, the evidence and the topic are.</summary>
    public static SortedDictionary<string, string> Primary(FunctionSpec function, string databaseCaFile, Deployed names, IEnumerable<string> recoveryRegions)
    {
        var variables = Common(function, databaseCaFile);
        variables["LEDGER_TABLE"] = Deployed.LedgerTable;
        variables["EVIDENCE_BUCKET"] = names.EvidenceBucket;
        variables["RUN_BUCKET"] = names.RunBucket;
        variables["TOPIC_ARN"] = names.TopicArn;
        variables["RECOVERY_REGIONS"] = string.Join(',', recoveryRegions);
        if (StateMachineOf(function) is { } flow)
        {
            variables["STATE_MACHINE_ARN"] = names.StateMachineArn(flow);
        }

        return variables;
    }

    /// <summary>The state machine that the function has to do with: the one that its permissions name, or whose executions they name.</summary>
    private static string? StateMachineOf(FunctionSpec function) => function.Allowances
        .Where(p => p.On is not null).SelectMany(p => ArnTemplate.TokensOf(p.On!)).Select(ArnTemplate.FlowOf).OfType<string>().FirstOrDefault();
}
