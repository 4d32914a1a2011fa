using System.Text.Json;

using Amazon.RDS.Model;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;

using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>Master passwords that RDS makes itself: in a secret of the account, known to the server, and gone with the database.</summary>
public sealed class ManagedPasswordTests
{
    private readonly RdsLab lab = new();
    private readonly AmazonSecretsManagerClient secrets;

    public ManagedPasswordTests() => secrets = new(EmulatedCloud.Operator, lab.Cloud.Config<AmazonSecretsManagerConfig>());

    [Fact]
    public async Task An_instance_made_with_one_has_it_in_a_secret_of_RDS()
    {
        var request = RdsLab.Instance("db");
        (request.MasterUserPassword, request.ManageMasterUserPassword) = (null, true);
        var made = await lab.Home.CreateDBInstanceAsync(request);
        made.DBInstance.MasterUserSecret.SecretStatus.ShouldBe("creating");
        lab.Pass();

        var instance = await RdsLab.Described(lab.Home, "db");
        instance.MasterUserSecret.SecretStatus.ShouldBe("active");
        instance.MasterUserSecret.KmsKeyId.ShouldStartWith("arn:aws:kms:");
        var kept = await Kept(instance.MasterUserSecret);
        kept.GetProperty("username").GetString().ShouldBe("app");
        kept.GetProperty("password").GetString().ShouldBe(lab.At(instance).MasterPassword);
        var secret = await secrets.DescribeSecretAsync(new DescribeSecretRequest { SecretId = instance.MasterUserSecret.SecretArn });
        secret.Name.ShouldMatch("^rds!db-[0-9a-f-]{36}$");
        secret.OwningService.ShouldBe("rds");
        secret.Tags.ShouldContain(t => t.Key == "aws:rds:primaryDBInstanceArn" && t.Value == instance.DBInstanceArn);
    }

    [Fact]
    public async Task It_is_turned_on_under_a_key_and_off_again_with_a_password_that_somebody_says()
    {
        var (key, instance) = (lab.Key(), await lab.Created("db"));
        await lab.Home.ModifyDBInstanceAsync(Modified(r => (r.ManageMasterUserPassword, r.MasterUserSecretKmsKeyId) = (true, key)));
        (await RdsLab.Described(lab.Home, "db")).DBInstanceStatus.ShouldBe("resetting-master-credentials");
        lab.Pass();

        var secret = (await RdsLab.Described(lab.Home, "db")).MasterUserSecret;
        (secret.SecretStatus, secret.KmsKeyId).ShouldBe(("active", key));
        (await Kept(secret)).GetProperty("password").GetString().ShouldBe(lab.At(instance).MasterPassword);

        await lab.Home.ModifyDBInstanceAsync(Modified(r => (r.ManageMasterUserPassword, r.MasterUserPassword) = (false, "another-horse-8")));
        lab.Pass();

        (await RdsLab.Described(lab.Home, "db")).MasterUserSecret.ShouldBeNull();
        lab.At(instance).MasterPassword.ShouldBe("another-horse-8");
        await Should.ThrowAsync<Amazon.SecretsManager.Model.ResourceNotFoundException>(Kept(secret));
    }

    [Fact]
    public async Task It_is_not_restored_and_goes_with_its_database()
    {
        await lab.Created("db");
        await lab.Home.ModifyDBInstanceAsync(Modified(r => r.ManageMasterUserPassword = true));
        lab.Pass(600);
        await lab.Home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "db", TargetDBInstanceIdentifier = "back", UseLatestRestorableTime = true });
        lab.Pass();
        (await RdsLab.Described(lab.Home, "back")).MasterUserSecret.ShouldBeNull();

        var secret = (await RdsLab.Described(lab.Home, "db")).MasterUserSecret;
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true });
        lab.Pass();

        await Should.ThrowAsync<Amazon.SecretsManager.Model.ResourceNotFoundException>(Kept(secret));
    }

    [Fact]
    public async Task A_cluster_has_one_too()
    {
        var cluster = await lab.Cluster("c");
        await lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = "c", ApplyImmediately = true, ManageMasterUserPassword = true });
        lab.Pass();

        var secret = (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "c" })).DBClusters[0].MasterUserSecret;
        secret.SecretStatus.ShouldBe("active");
        secret.SecretArn.ShouldContain(":secret:rds!cluster-");
        (await Kept(secret)).GetProperty("password").GetString().ShouldBe(lab.Engine.At(cluster.Port!.Value)!.MasterPassword);
        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "c-1", ManageMasterUserPassword = true }))).Message.ShouldContain("use ModifyDBCluster");

        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "c-1" });
        lab.Pass();
        await lab.Home.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = "c", SkipFinalSnapshot = true });
        lab.Pass();
        await Should.ThrowAsync<Amazon.SecretsManager.Model.ResourceNotFoundException>(Kept(secret));
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_RDS_changes_and_deletes_the_secret()
    {
        await lab.Created("db");
        await lab.Home.ModifyDBInstanceAsync(Modified(r => r.ManageMasterUserPassword = true));
        lab.Pass();
        var id = (await RdsLab.Described(lab.Home, "db")).MasterUserSecret.SecretArn;

        foreach (var change in (Func<Task>[])
        [
            () => secrets.PutSecretValueAsync(new PutSecretValueRequest { SecretId = id, SecretString = "mine" }),
            () => secrets.UpdateSecretAsync(new UpdateSecretRequest { SecretId = id, SecretString = "mine" }),
            () => secrets.DeleteSecretAsync(new DeleteSecretRequest { SecretId = id, ForceDeleteWithoutRecovery = true }),
        ])
        {
            (await Should.ThrowAsync<Amazon.SecretsManager.Model.InvalidRequestException>(change)).Message.ShouldContain("managed by rds");
        }
    }

    public static TheoryData<string, bool, Action<ModifyDBInstanceRequest>, string> Refusals => new()
    {
        { "both kept and said", false, r => (r.ManageMasterUserPassword, r.MasterUserPassword) = (true, "another-horse-8"), "MasterUserPassword cannot be given" },
        { "neither kept nor said", true, r => r.ManageMasterUserPassword = false, "A MasterUserPassword value is required" },
        { "said while it is kept", true, r => r.MasterUserPassword = "another-horse-8", "MasterUserPassword cannot be given" },
        { "a key for nothing", false, r => r.MasterUserSecretKmsKeyId = "alias/aws/secretsmanager", "A ManageMasterUserPassword value is required" },
        { "another key", true, r => (r.ManageMasterUserPassword, r.MasterUserSecretKmsKeyId) = (true, "alias/aws/secretsmanager"), "MasterUserSecretKmsKeyId cannot be given" },
        { "a new name as well", false, r => (r.ManageMasterUserPassword, r.NewDBInstanceIdentifier) = (true, "x"), "NewDBInstanceIdentifier" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_contradicts_itself_is_refused_and_changes_nothing(string what, bool managed, Action<ModifyDBInstanceRequest> spoil, string sentence)
    {
        await lab.Created("db");
        if (managed)
        {
            await lab.Home.ModifyDBInstanceAsync(Modified(r => r.ManageMasterUserPassword = true));
            lab.Pass();
        }

        var (code, message) = await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(Modified(spoil)));

        (code, what).ShouldBe(("InvalidParameterCombination", what));
        message.ShouldContain(sentence);
        var left = await RdsLab.Described(lab.Home, "db");
        ((left.MasterUserSecret is not null), left.DBInstanceStatus).ShouldBe((managed, "available"));
    }

    [Fact]
    public async Task A_key_that_is_not_there_and_a_replica_of_one_are_refused()
    {
        await lab.Created("db");
        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(Modified(r => (r.ManageMasterUserPassword, r.MasterUserSecretKmsKeyId) = (true, "alias/none"))))).Code.ShouldBe("KMSKeyNotAccessibleFault");
        await lab.Home.ModifyDBInstanceAsync(Modified(r => r.ManageMasterUserPassword = true));
        lab.Pass();

        (await RdsLab.Refused(lab.Home.CreateDBInstanceReadReplicaAsync(new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = "copy", SourceDBInstanceIdentifier = "db" })))
            .Message.ShouldContain("managed in Secrets Manager");
    }

    /// <summary>The secret is made in the caller's name, and so is its value encrypted.</summary>
    [Theory]
    [InlineData("secretsmanager:CreateSecret", "AccessDenied")]
    [InlineData("secretsmanager:TagResource", "AccessDenied")]
    [InlineData("kms:DescribeKey", "KMSKeyNotAccessibleFault")]
    [InlineData("kms:CreateGrant", "KMSKeyNotAccessibleFault")]
    [InlineData("kms:Decrypt", "KMSKeyNotAccessibleFault")]
    [InlineData("kms:GenerateDataKey", "KMSKeyNotAccessibleFault")]
    public async Task Who_lacks_a_permission_is_refused_by_its_name(string lacking, string code)
    {
        var key = lab.Key();
        await lab.Created("db");
        string[] needed = ["rds:ModifyDBInstance", "secretsmanager:CreateSecret", "secretsmanager:TagResource", "kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"];
        var role = lab.Client(EmulatedCloud.Region, lab.Cloud.Role("r", Policy(needed.Where(action => action != lacking))));
        var request = Modified(r => (r.ManageMasterUserPassword, r.MasterUserSecretKmsKeyId) = (true, key));

        var refusal = await RdsLab.Refused(role.ModifyDBInstanceAsync(request));

        refusal.Code.ShouldBe(code);
        refusal.Message.ShouldContain(lacking);
        (await RdsLab.Described(lab.Home, "db")).MasterUserSecret.ShouldBeNull();
        await lab.Client(EmulatedCloud.Region, lab.Cloud.Role("all", Policy(needed))).ModifyDBInstanceAsync(request);
    }

    private static string Policy(IEnumerable<string> actions) =>
        $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[{{string.Join(',', actions.Select(a => $"\"{a}\""))}}],"Resource":"*"} }""";

    private static ModifyDBInstanceRequest Modified(Action<ModifyDBInstanceRequest> change)
    {
        var request = new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", ApplyImmediately = true };
        change(request);
        return request;
    }

    private async Task<JsonElement> Kept(MasterUserSecret secret) =>
        JsonDocument.Parse((await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secret.SecretArn })).SecretString).RootElement;
}
