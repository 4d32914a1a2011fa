using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class DynamoDbTable() : ResourceType("AWS::DynamoDB::Table")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var encryption = properties.Object("SSESpecification");
        var request = new CreateTableRequest
        {
            TableName = properties.Text("TableName"),
            AttributeDefinitions =
            [
                .. properties.Objects("AttributeDefinitions").Select(a => new AttributeDefinition(a.Text("AttributeName"), ScalarAttributeType.FindValue(a.Text("AttributeType")))),
            ],
            KeySchema = [.. properties.Objects("KeySchema").Select(k => new KeySchemaElement(k.Text("AttributeName"), KeyType.FindValue(k.Text("KeyType"))))],
            BillingMode = BillingMode.FindValue(properties.Text("BillingMode")),
            DeletionProtectionEnabled = properties.Flag("DeletionProtectionEnabled"),
            SSESpecification = encryption is null ? null : new SSESpecification
            {
                Enabled = encryption.Flag("SSEEnabled"),
                KMSMasterKeyId = encryption.TextOrNull("KMSMasterKeyId"),
                SSEType = SSEType.FindValue(encryption.Text("SSEType")),
            },
        };
        var backups = properties.Object("PointInTimeRecoverySpecification")?.Flag("PointInTimeRecoveryEnabled");
        return async context =>
        {
            context.RefuseChange(Name);
            var made = await context.Invoke<CreateTableResponse>("dynamodb", request).ConfigureAwait(false);
            if (backups is not null)
            {
                await context.Invoke<UpdateContinuousBackupsResponse>("dynamodb", new UpdateContinuousBackupsRequest
                {
                    TableName = request.TableName, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = backups },
                }).ConfigureAwait(false);
            }

            return Made(request.TableName, ("Arn", made.TableDescription.TableArn));
        };
    }
}
