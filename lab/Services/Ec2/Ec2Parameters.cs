namespace Dbre.Lab.Services.Ec2;

/// <summary>Parameters that an operation does not handle, and values that it does not take, in EC2's words.</summary>
internal static class Ec2Parameters
{
    /// <summary>Refuses every parameter that is set and not one of <paramref name="handled"/>.</summary>
    /// <exception cref="ServiceException">UnknownParameter, naming parameter and operation.</exception>
    internal static void Refuse(object request, params ReadOnlySpan<string> handled)
    {
        try
        {
            Parameters.Refuse(request, handled);
        }
        catch (ServiceException unknown) when (unknown.Code == "ValidationException")
        {
            throw new ServiceException("UnknownParameter", unknown.Message);
        }
    }

    internal static ServiceException Invalid(string value, string parameter, string allowed) =>
        new("InvalidParameterValue", $"Value ({value}) for parameter {parameter} is invalid. {allowed}");
}
