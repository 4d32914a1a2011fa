using Amazon.CDK;
using Amazon.CDK.AWS.IAM;

using Constructs;

using Dbre.Infra.Catalog;
using Dbre.Infra.Constructs;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Stacks;

/// <summary>
/// A Region of another account that copies go to: its key, and (once per account) the role that the copying functions take there.
/// The role may do in RDS and KMS what those functions may do at home, and nothing else.
/// </summary>
public sealed class TargetAccountStack : Stack
{
    public TargetAccountStack(Construct scope, Sources sources, string account, string region, bool withRole)
        : base(scope, NameOf(sources.Settings, account, region), StackDefaults.Props(
            account, region, "Database reliability automation: another account that copies go to."))
    {
        var names = StackDefaults.Names(account, region);
        var key = new KeyWithAlias(this, "Key", names, []);
        if (withRole)
        {
            _ = new RoleWithReasons(this, "CopyTarget", Deployed.CopyTargetRole, TrustOf(sources), Permissions(sources, names, key.Key.KeyArn));
        }

        _ = new CfnOutput(this, "KeyOutput", new CfnOutputProps { Value = key.Key.KeyArn, Description = "The key of this Region." });
    }

    private static IEnumerable<FunctionSpec> Copiers(Sources sources) =>
        sources.Catalog.Functions.Where(function => function.Allowances.Any(permission => permission.Actions.Contains("sts:AssumeRole")));

    // By condition and not as principals: IAM refuses a principal that does not exist yet, and so would tie the order of deployments.
    private static PrincipalWithConditions TrustOf(Sources sources)
    {
        var home = StackDefaults.Names(sources.Settings.Account, sources.Settings.Region);
        var roles = Copiers(sources).Select(function => home.RoleArn(function.Name)).ToArray();
        return roles.Length == 0
            ? throw new SynthesisException($"The policies copy to another account, but no function has [Allow(\"sts:AssumeRole\")] on the role {Deployed.CopyTargetRole} there.")
            : new PrincipalWithConditions(new AccountPrincipal(sources.Settings.Account), new Dictionary<string, object>
            {
                ["ArnEquals"] = new Dictionary<string, object> { ["aws:PrincipalArn"] = roles },
            });
    }

    private static List<Allowance> Permissions(Sources sources, Deployed names, string keyArn)
    {
        // "*" as the Region: the role is global, and a policy may copy to several Regions of the account.
        var there = new ArnFiller(names with { Region = "*" }, sources.Catalog, keyArn, primary: false);
        var atWork = Copiers(sources).SelectMany(function => function.Allowances.Where(AtWorkThere)
            .Select(permission => permission.Filled(template => there.Fill(template, function.Where))));
        return [.. Once(atWork.Concat(OnSources(sources, keyArn)))];
    }

    // The functions share the role, and some of them need the same.
    private static IEnumerable<Allowance> Once(IEnumerable<Allowance> permissions)
    {
        var held = new HashSet<(string Action, string? On, string? If)>();
        return permissions.Select(permission => permission with { Actions = [.. permission.Actions.Where(action => held.Add((action, permission.On, permission.If)))] })
            .Where(permission => permission.Actions.Count > 0);
    }

    // A copy is an act on its source too, and on the key that it is under; both are the home account's, which shares them.
    private static IEnumerable<Allowance> OnSources(Sources sources, string keyArn)
    {
        var here = new ArnFiller(StackDefaults.Names(sources.Settings.Account, "*"), sources.Catalog, keyArn, primary: false);
        var copies = Copiers(sources).SelectMany(function => function.Allowances.Select(permission => (Actions: permission.Actions.Where(IsCopy).ToList(), permission.On, permission.If, function.Where)))
            .Where(copy => copy.Actions.Count > 0 && copy.On is not null)
            .Select(copy => new Allowance(copy.Actions, copy.On, Why: null) { If = copy.If }.Filled(template => here.Fill(template, copy.Where)));
        return copies.Append(new Allowance(["kms:DescribeKey", "kms:Decrypt", "kms:CreateGrant"], here.Fill("arn:${Partition}:kms:*:${Account}:key/*", nameof(TargetAccountStack)), Why: null));
    }

    private static bool IsCopy(string action) => action.StartsWith("rds:Copy", StringComparison.Ordinal);

    // What names the stack's own Region is done at home only.
    private static bool AtWorkThere(Allowance permission) => !permission.OwnAccount && permission.On?.Contains("${Region}", StringComparison.Ordinal) != true && permission.Actions.All(action =>
        action.StartsWith("rds:", StringComparison.Ordinal) || action.StartsWith("kms:", StringComparison.Ordinal));

    private static string NameOf(Settings settings, string account, string region) =>
        region == settings.RecoveryRegion ? $"DbreTargetAccount-{account}" : $"DbreTargetAccount-{account}-{region}";
}
