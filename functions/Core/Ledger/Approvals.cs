using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Core;

public enum ApprovalDecision
{
    /// <summary>Nobody decided yet.</summary>
    Open,
    Approved,
    Rejected,
}

/// <summary>A decision that an operation waits for.</summary>
/// <param name="Question">What is to be approved, in one sentence.</param>
/// <param name="RequestedBy">Who asked for it, as an ARN: somebody else must decide.</param>
/// <param name="Token">Step Functions' task token: whoever has it can end the wait.</param>
/// <param name="Subject">What the operation would act on, as JSON of its own.</param>
/// <param name="DecidedBy">Null while it is open.</param>
/// <param name="Why">Of a rejection.</param>
public sealed record Approval(
    string OperationId, string Question, string RequestedBy, string AskedAt, string Token, string Subject, ApprovalDecision Decision, string? DecidedBy = null, string? DecidedAt = null, string? Why = null);

/// <summary>Approvals: who decided what, once.</summary>
public sealed partial class Ledger
{
    public async Task<Approval?> ReadApproval(string operationId, CancellationToken stop)
    {
        var item = (await dynamo.GetItemAsync(new GetItemRequest { TableName = table, Key = ApprovalKey(operationId), ConsistentRead = true }, stop).ConfigureAwait(false)).Item;
        return item is null or { Count: 0 }
            ? null
            : new Approval(
                operationId, item["question"].S, item["requestedBy"].S, item["askedAt"].S, item["token"].S, item["subject"].S, Enum.Parse<ApprovalDecision>(item["decision"].S),
                item.GetValueOrDefault("decidedBy")?.S, item.GetValueOrDefault("decidedAt")?.S, item.GetValueOrDefault("why")?.S);
    }

    /// <summary>Notes that an operation waits. Asking again, as a retry does, replaces the token, and nothing once it is decided.</summary>
    /// <returns>False when it is decided already.</returns>
    public async Task<bool> AskApproval(string operationId, string question, string requestedBy, string token, string subject, CancellationToken stop)
    {
        var item = ApprovalKey(operationId);
        item["question"] = new(question);
        item["requestedBy"] = new(requestedBy);
        item["askedAt"] = new(Now);
        item["token"] = new(token);
        item["subject"] = new(subject);
        item["decision"] = new(nameof(ApprovalDecision.Open));
        try
        {
            await dynamo.PutItemAsync(
                new PutItemRequest
                {
                    TableName = table, Item = item,
                    ConditionExpression = "attribute_not_exists(pk) OR #decision = :open",
                    ExpressionAttributeNames = new() { ["#decision"] = "decision" },
                    ExpressionAttributeValues = new() { [":open"] = new(nameof(ApprovalDecision.Open)) },
                },
                stop).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>Notes a decision, which is final.</summary>
    /// <returns>False when it is decided already.</returns>
    public async Task<bool> Decide(Approval open, ApprovalDecision decision, string by, string? why, CancellationToken stop)
    {
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table, Key = ApprovalKey(open.OperationId),
                    UpdateExpression = "SET #decision = :decision, #by = :by, #at = :at, #why = :why",
                    ConditionExpression = "#decision = :open AND #token = :token",
                    ExpressionAttributeNames = new() { ["#decision"] = "decision", ["#by"] = "decidedBy", ["#at"] = "decidedAt", ["#why"] = "why", ["#token"] = "token" },
                    ExpressionAttributeValues = new()
                    {
                        [":decision"] = new(decision.ToString()), [":by"] = new(by), [":at"] = new(Now), [":why"] = new(why ?? ""),
                        [":open"] = new(nameof(ApprovalDecision.Open)), [":token"] = new(open.Token),
                    },
                },
                stop).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static Dictionary<string, AttributeValue> ApprovalKey(string operationId) => Key($"approval#{operationId}", "decision");
}
