using System.Text.Json;

using Dbre.Functions.Core.Policies;
using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;
using Dbre.Infra.Workflows;

namespace Dbre.Infra;

/// <summary>Everything that the stacks are made from, read and checked.</summary>
/// <param name="Settings">Where it is deployed.</param>
/// <param name="Catalog">The functions.</param>
/// <param name="Workflows">The state machines.</param>
/// <param name="Policies">What to protect.</param>
/// <param name="PoliciesJson">The policy file as it goes into the schedules' input, on one line.</param>
/// <param name="ArtifactOf">The folder with a domain's published executable.</param>
public sealed record Sources(
    Settings Settings, FunctionCatalog Catalog, IReadOnlyList<Workflow> Workflows,
    IReadOnlyList<Policy> Policies, string PoliciesJson, Func<string, string> ArtifactOf)
{
    /// <summary>Reads a working tree.</summary>
    /// <param name="root">The folder of <c>cdk.json</c>.</param>
    /// <param name="settings">Where it is deployed.</param>
    /// <exception cref="SynthesisException">Something in the tree cannot be deployed.</exception>
    public static Sources Read(string root, Settings settings)
    {
        var catalog = FunctionCatalog.Read();
        var workflows = WorkflowReader.ReadFolder(Path.Combine(root, "statemachines"), catalog);
        CheckReferences(catalog, workflows);
        var policyFile = Path.Combine("config", "policies.json");
        var json = File.ReadAllText(Path.Combine(root, policyFile));
        return new Sources(settings, catalog, workflows, ReadPolicies(json, policyFile), OneLine(json), domain => Path.Combine(root, ArtifactPath(domain)));
    }

    /// <summary>Where a domain's executable is published, from the root of the tree.</summary>
    public static string ArtifactPath(string domain) => $"artifacts/publish/{domain}/release_linux-x64";

    /// <exception cref="SynthesisException">The file has problems; each is one line.</exception>
    public static IReadOnlyList<Policy> ReadPolicies(string json, string fileName)
    {
        var file = PolicyFile.Parse(json);
        return file.Problems.Count == 0
            ? file.Policies
            : throw new SynthesisException(string.Join(Environment.NewLine, file.Problems.Select(problem => $"{fileName}: {problem}")));
    }

    /// <exception cref="SynthesisException">An [Allow] names a function or a state machine that does not exist.</exception>
    public static void CheckReferences(FunctionCatalog catalog, IReadOnlyList<Workflow> workflows)
    {
        foreach (var function in catalog.Functions)
        {
            foreach (var token in function.Allowances.Where(p => p.On is not null).SelectMany(p => ArnTemplate.TokensOf(p.On!)))
            {
                var unknown = token.Split(':') switch
                {
                    ["Function", var name] when catalog.Find(name) is null => $"a class that is no function; allowed are {string.Join(", ", catalog.Functions.Select(f => f.ClassName))}",
                    ["StateMachine" or "Executions", _] when workflows.All(w => w.Name != ArnTemplate.FlowOf(token)) => $"a state machine that does not exist; allowed are {string.Join(", ", workflows.Select(w => w.Name))}",
                    ["Executions", var executions] when executions.Split('/') is [var flow, var label] && workflows.Single(w => w.Name == flow).Maps.All(m => m.Label != label) =>
                        $"the label '{label}', which no Distributed Map of {flow} has",
                    _ => null,
                };
                if (unknown is not null)
                {
                    throw new SynthesisException($"{function.Where}: [Allow] On names ${{{token}}}, {unknown}.");
                }
            }
        }
    }

    private static string OneLine(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return JsonSerializer.Serialize(document.RootElement);
    }
}
