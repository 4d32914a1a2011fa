using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Workflows;

/// <summary>A state machine as its ASL file states it, with what it invokes, reads and writes.</summary>
/// <param name="Name">The file's name without <c>.asl.json</c>, and the state machine's.</param>
/// <param name="Definition">The ASL, with <c>${ClassName}</c> where a function's ARN belongs and <c>${RunBucket}</c> where the bucket's name does.</param>
/// <param name="Functions">What the placeholders name: the state machine's role may invoke these and nothing else.</param>
/// <param name="Maps">Its Distributed Maps.</param>
public sealed record Workflow(string Name, string Definition, IReadOnlyList<FunctionSpec> Functions, IReadOnlyList<DistributedMap> Maps)
{
    /// <summary>What its role may do, besides reporting: invoke its functions, and run its Distributed Maps.</summary>
    public IEnumerable<Allowance> Allowances(Deployed names) => Functions
        .Select(f => new Allowance(["lambda:InvokeFunction"], names.FunctionArn(f), Why: null))
        .Concat(Maps.Count == 0 ? [] : (Allowance[])
        [
            // A Distributed Map starts executions of the machine itself (AWS Step Functions Developer Guide, "IAM policies for using Distributed Map states").
            new(["states:StartExecution"], names.StateMachineArn(Name), Why: null),
            new(["states:DescribeExecution", "states:StopExecution"], names.ExecutionsArn(Name), Why: null),
        ])
        .Concat(Maps.SelectMany(m => m.Allowances(names)));

    /// <summary>What the placeholders of the definition stand for.</summary>
    /// <param name="functionArn">By class name.</param>
    public IReadOnlyDictionary<string, T> Substitutions<T>(Func<FunctionSpec, T> functionArn, T runBucket)
    {
        var all = Functions.ToDictionary(f => f.ClassName, functionArn, StringComparer.Ordinal);
        if (Maps.Count > 0)
        {
            all[DistributedMap.Bucket] = runBucket;
        }

        return all;
    }
}
