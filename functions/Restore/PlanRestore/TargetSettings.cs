using Amazon;

namespace Dbre.Functions.Restore;

/// <summary>How the restored database is configured: as its source was, as far as that is known and holds where it is restored. Groups and keys are of one Region.</summary>
internal static class TargetSettings
{
    public static RestoreSettings Of(SourceDatabase source, RestoreInput input)
    {
        var settings = source.Settings;
        if (input.InstanceClass is { } given)
        {
            settings = settings with { MemberClasses = [.. settings.MemberClasses.DefaultIfEmpty(given).Select(_ => given)] };
        }

        if (source.Status is not null && input.Region is null)
        {
            return settings;
        }

        var (password, byHand) = Password(settings.Password, source);
        return settings with
        {
            SubnetGroup = input.SubnetGroup ?? settings.SubnetGroup, SecurityGroups = input.SecurityGroups ?? [], Password = password,
            NotCarried = [.. settings.NotCarried, .. input.SecurityGroups is null ? ["It has the default security group of its VPC, since none were given."] : (string[])[], .. byHand],
        };
    }

    private static (ManagedPassword? Password, string[] ByHand) Password(ManagedPassword? password, SourceDatabase source) =>
        password?.KmsKey is { } key && Arn.TryParse(key, out var arn) && arn.Region == Arn.Parse(source.Arn).Region
            ? (new ManagedPassword(null), [$"The secret of its master password is under Secrets Manager's own key, since {key} is of the source's Region."])
            : (password, []);
}
