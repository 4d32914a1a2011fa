using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Enhanced monitoring, as a setting: the lab collects nothing.</content>
public sealed partial class RdsService
{
    private const string Monitoring = "monitoring.rds.amazonaws.com";

    private void Monitor(CallContext call, DBInstance shape, int? interval, string? role)
    {
        if (interval is not (null or 0 or 1 or 5 or 10 or 15 or 30 or 60))
        {
            throw RdsErrors.InvalidValue($"Invalid MonitoringInterval: {interval}; allowed are 0, 1, 5, 10, 15, 30, 60.");
        }

        var (seconds, arn) = (interval ?? shape.MonitoringInterval, role ?? shape.MonitoringRoleArn);
        if (seconds > 0 && arn is null)
        {
            throw RdsErrors.InvalidCombination("A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
        }

        if (seconds == 0 && role is not null)
        {
            throw RdsErrors.InvalidCombination("A MonitoringInterval value other than 0 is required if you specify a MonitoringRoleARN value.");
        }

        if (role is not null)
        {
            call.Authorize(new AccessRequest("iam:PassRole", role) { Conditions = new Dictionary<string, string> { ["iam:PassedToService"] = Monitoring } });
            RequireTrust(role);
        }

        (shape.MonitoringInterval, shape.MonitoringRoleArn) = (seconds, seconds > 0 ? arn : null);
    }

    private void RequireTrust(string role)
    {
        try
        {
            World.Iam.CheckTrust(role, Monitoring);
        }
        catch (ServiceException wrong) when (wrong.Code is "NoSuchEntity" or "AccessDenied")
        {
            throw RdsErrors.InvalidValue("IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING");
        }
    }
}
