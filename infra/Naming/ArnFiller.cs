using Dbre.Infra.Catalog;

namespace Dbre.Infra.Naming;

/// <summary>Fills the tokens of <see cref="ArnTemplate"/> in for one stack.</summary>
/// <param name="names">The stack's names.</param>
/// <param name="catalog">For <c>${Function:Class}</c>.</param>
/// <param name="keyArn">For <c>${Key}</c>.</param>
/// <param name="primary">Whether ledger, buckets, topic and state machines are in this stack.</param>
public sealed class ArnFiller(Deployed names, FunctionCatalog catalog, string keyArn, bool primary)
{
    /// <exception cref="SynthesisException">A token stands for something that this stack does not have.</exception>
    public string Fill(string template, string where) => ArnTemplate.Fill(template, token => token switch
    {
        "Partition" => names.Partition,
        "Region" => names.Region,
        "Account" => names.Account,
        "Key" => keyArn,
        "LedgerTable" when primary => names.LedgerTableArn,
        "EvidenceBucket" when primary => names.EvidenceBucket,
        "RunBucket" when primary => names.RunBucket,
        "Topic" when primary => names.TopicArn,
        _ when token.StartsWith("StateMachine:", StringComparison.Ordinal) && primary => names.StateMachineArn(token["StateMachine:".Length..]),
        _ when token.StartsWith("Executions:", StringComparison.Ordinal) && primary => names.ExecutionsArn(token["Executions:".Length..]),
        _ when token.StartsWith("Function:", StringComparison.Ordinal) => names.FunctionArn(catalog.Find(token["Function:".Length..])
            ?? throw new SynthesisException($"{where}: [Allow] On names ${{{token}}}, a class that is no function.")),
        _ => throw new SynthesisException($"{where}: [Allow] On names ${{{token}}}, which exists only in the primary Region, where this role is not."),
    });
}
