using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Stacks;

/// <summary>The environment variables of a function; the functions' own Settings are the only reader.</summary>
public static class FunctionEnvironment
{
    private const string Machine = "StateMachine:";

    /// <summary>What every function gets, wherever it runs.</summary>
    public static SortedDictionary<string, string> Common(FunctionSpec function, string databaseCaFile) => new(StringComparer.Ordinal)
    {
        ["ANNOTATIONS_HANDLER"] = function.ClassName,
        ["DATABASE_CA_FILE"] = databaseCaFile,
        ["POWERTOOLS_LOG_LEVEL"] = "Information",
        ["POWERTOOLS_SERVICE_NAME"] = "dbre-" + KebabCase.From(function.Domain),
    };

    /// <summary>And what it gets where the ledger, the evidence and the topic are.</summary>
    public static SortedDictionary<string, string> Primary(FunctionSpec function, string databaseCaFile, Deployed names)
    {
        var variables = Common(function, databaseCaFile);
        variables["LEDGER_TABLE"] = Deployed.LedgerTable;
        variables["EVIDENCE_BUCKET"] = names.EvidenceBucket;
        variables["TOPIC_ARN"] = names.TopicArn;
        if (StateMachineOf(function) is { } flow)
        {
            variables["STATE_MACHINE_ARN"] = names.StateMachineArn(flow);
        }

        return variables;
    }

    /// <summary>The state machine that the function's permissions name: to start it, or to ask after its executions.</summary>
    private static string? StateMachineOf(FunctionSpec function) => function.Allowances
        .Where(p => p.On is not null && p.Actions.Any(action => action.StartsWith("states:", StringComparison.Ordinal)))
        .Select(p => ArnTemplate.TokensOf(p.On!).FirstOrDefault(token => token.StartsWith(Machine, StringComparison.Ordinal))?[Machine.Length..] ?? FlowOfExecutions(p.On!))
        .FirstOrDefault(flow => flow is not null);

    /// <summary><c>…:execution:snapshot-copy:*</c></summary>
    private static string? FlowOfExecutions(string arn) => arn.Split(':') is [.., "execution", var flow, "*"] ? flow : null;
}
