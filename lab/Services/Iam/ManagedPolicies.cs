namespace Dbre.Lab.Services.Identity;

/// <summary>The AWS-managed policies that the lab knows by ARN.</summary>
internal static class ManagedPolicies
{
    private static readonly Dictionary<string, PolicyDocument> Known = new(StringComparer.Ordinal)
    {
        ["arn:aws:iam::aws:policy/AdministratorAccess"] = PolicyDocument.Administrator,
        ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"] = PolicyDocument.Parse(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"""),
    };

    internal static PolicyDocument ByArn(string arn) => Known.TryGetValue(arn, out var policy)
        ? policy
        : throw new ServiceException("NoSuchEntity", $"The lab does not know the managed policy {arn}; it knows: {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}.", 404);
}
