using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Restore;

/// <summary>What of a restored table is not yet as its source was.</summary>
public enum TableChange
{
    Nothing,
    Recovery,
    TimeToLive,
    StreamAndProtection,
}

/// <summary>Decides what to change next: DynamoDB changes one thing of a table at a time.</summary>
public static class TableConfiguration
{
    /// <param name="plan">A drill's table is removed within the hour, so it needs none of this.</param>
    /// <param name="found">The restored table.</param>
    /// <param name="recovery">Its point-in-time recovery.</param>
    /// <param name="timeToLive">Its time to live.</param>
    public static TableChange Next(TableRestorePlan plan, TableDescription found, PointInTimeRecoveryDescription? recovery, TimeToLiveDescription? timeToLive)
    {
        var wanted = plan.Settings;
        return plan.Purpose == RestorePurpose.Drill ? TableChange.Nothing
            : wanted.RecoveryDays is { } days && (recovery?.PointInTimeRecoveryStatus != PointInTimeRecoveryStatus.ENABLED || (recovery.RecoveryPeriodInDays ?? days) != days) ? TableChange.Recovery
            : wanted.TimeToLive is not null && timeToLive?.AttributeName is null ? TableChange.TimeToLive
            : wanted.DeletionProtection != (found.DeletionProtectionEnabled ?? false) || (wanted.Stream is not null && found.StreamSpecification is not { StreamEnabled: true }) ? TableChange.StreamAndProtection
            : TableChange.Nothing;
    }
}
