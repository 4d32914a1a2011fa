using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Restore;

using Moq;

namespace Dbre.Functions.Tests.Restore;

/// <summary>Two clean-ups may run at the same time, and a drill beside them.</summary>
public sealed class TableRemovalTests
{
    [Fact]
    public async Task What_another_removes_already_is_let_be()
    {
        (await Removes(null)).ShouldBeTrue();
        (await Removes(new ResourceInUseException("is being deleted"))).ShouldBeFalse();
        (await Removes(new ResourceNotFoundException("is gone"))).ShouldBeFalse();
        await Should.ThrowAsync<LimitExceededException>(() => Removes(new LimitExceededException("something else")));
    }

    private static Task<bool> Removes(Exception? refusal)
    {
        var dynamo = new Mock<IAmazonDynamoDB>();
        var call = dynamo.Setup(d => d.DeleteTableAsync(It.Is<DeleteTableRequest>(r => r.TableName == "dbre-drill-Orders"), It.IsAny<CancellationToken>()));
        if (refusal is null)
        {
            call.ReturnsAsync(new DeleteTableResponse());
        }
        else
        {
            call.ThrowsAsync(refusal);
        }

        return RestoredTable.Remove(dynamo.Object, "dbre-drill-Orders", CancellationToken.None);
    }
}
