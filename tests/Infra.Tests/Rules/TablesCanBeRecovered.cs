using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class TablesCanBeRecovered(CloudFixture cloud)
{
    [Fact]
    public void Every_table_has_point_in_time_recovery_encryption_and_protection() => cloud.Resources("AWS::DynamoDB::Table").Where(table =>
        table["PointInTimeRecoverySpecification"]?["PointInTimeRecoveryEnabled"]?.GetValue<bool>() != true
        || table["SSESpecification"]?["KMSMasterKeyId"] is null
        || table["DeletionProtectionEnabled"]?.GetValue<bool>() != true
        || table.Json["DeletionPolicy"]?.ToString() != "Retain").ShouldBeEmpty();
}
