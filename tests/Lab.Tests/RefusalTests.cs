using System.Text.Json.Nodes;

using Amazon.KeyManagementService.Model;

using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>What cannot be protected is refused with one sentence that names it, before anything is changed, and keeps nobody else from being protected.</summary>
public sealed class RefusalTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public async Task Databases_that_cannot_be_protected_are_refused_by_name_and_the_others_are_protected()
    {
        var long50 = "r-" + new string('x', 48);
        await Task.WhenAll(lab.Instance("r-good"), lab.Instance("r-stopped"), lab.Instance("r-unbacked", backupDays: 0), lab.Cluster(long50));
        await lab.StopInstance("r-stopped");

        var record = await lab.Run(Policies.Of("refusals", "r-*"), NightLab.NightAt(0));

        ((string)record["outcome"]!).ShouldBe("Failed");
        var said = record["databases"]!.AsArray().ToDictionary(d => (string)d!["database"]!, d => $"{d!["outcome"]}: {d["reason"]}");
        said["r-good"].ShouldStartWith("Succeeded: ");
        said["r-stopped"].ShouldBe("Refused: Database 'r-stopped' is stopped; RDS takes a snapshot of an available database only, so start it or take it out of policy 'refusals'.");
        said["r-unbacked"].ShouldBe("Refused: Database 'r-unbacked' has automated backups off (BackupRetentionPeriod 0); set 1 to 35 days, since its snapshots rest on them.");
        var name = $"{long50}-refusals-{NightLab.NightAt(0):yyyyMMdd't'HHmm'z'}";
        said[long50].ShouldBe($"Refused: Database '{long50}': its snapshot would be called '{name}', {name.Length} characters long; RDS allows 63 for a cluster snapshot.");
        (await lab.Snapshots()).ShouldHaveSingleItem().ShouldStartWith("r-good-");
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldHaveSingleItem().ShouldStartWith("r-good-");
    }

    [Fact]
    public async Task A_copy_that_cannot_be_made_refuses_the_run_before_a_snapshot_is_made()
    {
        await lab.Instance("k-orders");
        var (disabled, deleted) = (await Key("disabled"), await Key("deleted"));
        using var kms = lab.Kms(NightLab.RecoveryRegion);
        await kms.DisableKeyAsync(new DisableKeyRequest { KeyId = disabled });
        await kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = deleted, PendingWindowInDays = 7 });
        var elsewhere = $"arn:aws:kms:us-east-1:{NightLab.Account}:key/00000000-0000-4000-8000-000000000000";

        await ShouldRefuse("alias/none", "Policy 'missing': kmsKey 'alias/none' does not exist in eu-west-1; a copy there needs a key of that Region and account.", "missing");
        await ShouldRefuse("alias/disabled", "Policy 'disabled': kmsKey 'alias/disabled' in eu-west-1 is Disabled; it must be Enabled.", "disabled");
        await ShouldRefuse("alias/deleted", "Policy 'deleted': kmsKey 'alias/deleted' in eu-west-1 is PendingDeletion; it must be Enabled.", "deleted");
        await ShouldRefuse(
            elsewhere, $"policies[0].copies[0].kmsKey is '{elsewhere}', a key of Region 'us-east-1'; a copy to 'eu-west-1' needs a key of 'eu-west-1', since KMS keys are Regional.", "elsewhere");
        await ShouldRefuse(
            Policies.Copy("alias/dbre", NightLab.Region), "Policy 'home': a copy to us-east-1 would be where the database is; allowed are other Regions and other accounts.", "home");
        (await lab.Snapshots()).ShouldNotContain(s => s.StartsWith("k-", StringComparison.Ordinal));
    }

    private Task ShouldRefuse(string kmsKey, string reason, string policy) => ShouldRefuse(Policies.Copy(kmsKey), reason, policy);

    private async Task ShouldRefuse(JsonObject copy, string reason, string policy)
    {
        var record = await lab.Run(Policies.Of(policy, "k-*", copies: copy), NightLab.NightAt(0));

        ((string)record["outcome"]!, (string)record["reason"]!).ShouldBe(("Refused", reason));
        record["databases"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<string> Key(string alias)
    {
        using var kms = lab.Kms(NightLab.RecoveryRegion);
        var id = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata.KeyId;
        await kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/" + alias, TargetKeyId = id });
        return id;
    }
}
