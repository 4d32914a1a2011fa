using Amazon.CDK;

using Constructs;

using Dbre.Infra.Constructs;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Stacks;

/// <summary>A Region that copies go to: its key, and the functions that measure what is restored there.</summary>
public sealed class RecoveryStack : Stack
{
    public RecoveryStack(Construct scope, Sources sources, string region) : base(scope, NameOf(sources.Settings, region), StackDefaults.Props(
        sources.Settings.Account, region, "Database reliability automation: a recovery Region."))
    {
        var names = StackDefaults.Names(sources.Settings.Account, region);
        var key = new KeyWithAlias(this, "Key", names, [.. sources.OtherAccounts()]);
        var caFile = StackDefaults.DatabaseCaFile(this);
        var placement = new FunctionPlacement(
            sources.Settings, names, new ArnFiller(names, sources.Catalog, key.Key.KeyArn, primary: false), StackDefaults.Assets(this, sources),
            spec => FunctionEnvironment.Common(spec, caFile)) { RoleSuffix = "-" + region };
        foreach (var spec in sources.Catalog.Functions.Where(spec => spec.AlsoInRecoveryRegion))
        {
            _ = new FunctionWithDefaults(this, spec, placement);
        }

        _ = new CfnOutput(this, "KeyOutput", new CfnOutputProps { Value = key.Key.KeyArn, Description = "The key of this Region." });
    }

    private static string NameOf(Settings settings, string region) => region == settings.RecoveryRegion ? "DbreRecovery" : $"DbreRecovery-{region}";
}
