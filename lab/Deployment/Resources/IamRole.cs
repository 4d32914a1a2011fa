namespace Dbre.Lab.Deployment.Resources;

/// <summary>IAM has no wire in the lab: the roles go to its store.</summary>
internal sealed class IamRole() : ResourceType("AWS::IAM::Role")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var name = properties.Text("RoleName");
        var description = properties.TextOrNull("Description");
        var trust = properties.Document("AssumeRolePolicyDocument")!;
        var managed = properties.Texts("ManagedPolicyArns");
        var policies = properties.Objects("Policies").Select(policy => (Name: policy.Text("PolicyName"), Document: policy.Document("PolicyDocument")!)).ToList();
        return context =>
        {
            var iam = context.World.Iam;
            var arn = $"arn:aws:iam::{context.Account}:role/{name}";
            // A role that is there is made anew under the same ARN: sessions go on, by what the new one allows.
            if (context.Before is not null && iam.FindRole(arn) is not null)
            {
                iam.DeleteRole(arn);
            }

            iam.CreateRole(context.Account, name, trust, description);
            foreach (var policy in policies)
            {
                iam.PutRolePolicy(arn, policy.Name, policy.Document);
            }

            foreach (var policy in managed)
            {
                iam.AttachRolePolicy(arn, policy);
            }

            return Task.FromResult(Made(name, ("Arn", arn)));
        };
    }
}
