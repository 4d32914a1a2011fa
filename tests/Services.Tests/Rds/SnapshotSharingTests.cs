using Amazon.RDS.Model;
using Amazon.Runtime;
using Dbre.Lab.Services.Identity;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

public sealed class SnapshotSharingTests
{
    private const string OpenPolicy =
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::222222222222:root"]},"Action":"kms:*","Resource":"*"}}""";

    private readonly RdsLab lab = new();

    private Task Share(string id, params string[] accounts) => lab.Home.ModifyDBSnapshotAttributeAsync(
        new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = id, AttributeName = "restore", ValuesToAdd = [.. accounts] });

    [Fact]
    public async Task A_snapshot_is_another_accounts_only_once_it_is_shared()
    {
        var source = await lab.Snapshot("a");
        var order = new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = source.DBSnapshotArn, TargetDBSnapshotIdentifier = "mine" };
        (await RdsLab.Refused(lab.Other.CopyDBSnapshotAsync(order))).Code.ShouldBe("DBSnapshotNotFound");

        await Share("a", EmulatedCloud.OtherAccount);

        (await lab.Home.DescribeDBSnapshotAttributesAsync(new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = "a" }))
            .DBSnapshotAttributesResult.DBSnapshotAttributes[0].AttributeValues.ShouldBe([EmulatedCloud.OtherAccount]);
        var seen = (await lab.Other.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "shared" })).DBSnapshots.ShouldHaveSingleItem();
        (seen.DBSnapshotIdentifier, seen.SnapshotType).ShouldBe((source.DBSnapshotArn, "shared"));
        (await lab.Other.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest())).DBSnapshots.ShouldBeNull();
        (await lab.Other.CopyDBSnapshotAsync(order)).DBSnapshot.DBSnapshotArn.ShouldBe("arn:aws:rds:us-east-1:222222222222:snapshot:mine");
    }

    [Fact]
    public async Task A_shared_encrypted_snapshot_needs_a_shared_key_and_a_key_of_the_other_account()
    {
        await lab.Snapshot("closed", lab.Key());
        var open = await lab.Snapshot("open", lab.Key(policy: OpenPolicy));
        await Share("closed", EmulatedCloud.OtherAccount);
        await Share("open", EmulatedCloud.OtherAccount);
        var own = lab.Key(account: EmulatedCloud.OtherAccount);
        Task<CopyDBSnapshotResponse> Copy(string id, string? key) => lab.Other.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = $"arn:aws:rds:us-east-1:111111111111:snapshot:{id}", TargetDBSnapshotIdentifier = "mine", KmsKeyId = key,
        });

        (await RdsLab.Refused(Copy("closed", own))).Code.ShouldBe("KMSKeyNotAccessibleFault");
        (await RdsLab.Refused(Copy("open", null))).ShouldBe(
            ("KMSKeyNotAccessibleFault", "The target KMS key [None] does not exist, is not enabled or you do not have permissions to access it."));
        (await Copy("open", own)).DBSnapshot.KmsKeyId.ShouldBe(own);
        open.KmsKeyId.ShouldNotBe(own);
    }

    [Fact]
    public async Task A_shared_key_is_used_by_whom_its_own_account_lets_use_it()
    {
        await lab.Snapshot("open", lab.Key(policy: OpenPolicy));
        await Share("open", EmulatedCloud.OtherAccount);
        var own = lab.Key(account: EmulatedCloud.OtherAccount);
        lab.Cloud.World.Iam.CreateUser(EmulatedCloud.OtherAccount, "copier", "copier", "copier", new Dictionary<string, PolicyDocument>
        {
            ["allowed"] = PolicyDocument.Parse(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds:*","Resource":"*"},{"Effect":"Allow","Action":"kms:*","Resource":"arn:aws:kms:*:222222222222:key/*"}]}"""),
        });
        var copier = lab.Client(EmulatedCloud.Region, new BasicAWSCredentials("copier", "copier"));

        var (code, message) = await RdsLab.Refused(copier.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = "arn:aws:rds:us-east-1:111111111111:snapshot:open", TargetDBSnapshotIdentifier = "mine", KmsKeyId = own,
        }));

        code.ShouldBe("KMSKeyNotAccessibleFault");
        message.ShouldContain("user/copier is not authorized to perform: kms:DescribeKey");
    }

    [Fact]
    public async Task A_snapshot_under_the_default_key_cannot_be_shared_until_it_is_copied_under_another()
    {
        await lab.Snapshot("a", "alias/aws/rds");
        (await RdsLab.Refused(Share("a", EmulatedCloud.OtherAccount))).ShouldBe(
            ("InvalidDBSnapshotState", "Sharing snapshots encrypted with the default service key for RDS is currently not supported"));

        await lab.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "a", TargetDBSnapshotIdentifier = "b", KmsKeyId = lab.Key() });
        lab.Pass();

        await Share("b", EmulatedCloud.OtherAccount);
        (await RdsLab.Refused(Share("b", "all"))).Message.ShouldContain("cannot be made public");
    }

    [Theory]
    [InlineData("1234")]
    [InlineData("everyone")]
    public async Task Accounts_have_twelve_digits(string account)
    {
        await lab.Snapshot("a");

        (await RdsLab.Refused(Share("a", account))).Code.ShouldBe("InvalidParameterValue");
    }

    [Fact]
    public async Task A_snapshot_is_shared_with_at_most_twenty_accounts()
    {
        await lab.Snapshot("a");

        (await RdsLab.Refused(Share("a", [.. Enumerable.Range(100_000_000, 21).Select(n => "999" + n)]))).Code.ShouldBe("SharedSnapshotQuotaExceeded");
    }

    [Fact]
    public async Task Tags_of_a_shared_snapshot_cannot_be_copied()
    {
        var source = await lab.Snapshot("a");
        await Share("a", EmulatedCloud.OtherAccount);

        (await RdsLab.Refused(lab.Other.CopyDBSnapshotAsync(
            new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = source.DBSnapshotArn, TargetDBSnapshotIdentifier = "mine", CopyTags = true }))).Code.ShouldBe("InvalidParameterCombination");
    }
}
