namespace Dbre.Lab.Services.Rds;

/// <summary>Refuses parameters that an operation does not handle, and values that it handles only one of, by name.</summary>
internal static class RdsParameters
{
    /// <summary>Refuses every parameter that is set and not one of <paramref name="handled"/>.</summary>
    /// <exception cref="ServiceException">InvalidParameterValue, naming parameter and operation.</exception>
    internal static void Refuse(object request, params ReadOnlySpan<string> handled)
    {
        try
        {
            Parameters.Refuse(request, handled);
        }
        catch (ServiceException unknown) when (unknown.Code == "ValidationException")
        {
            throw RdsErrors.InvalidValue(unknown.Message);
        }
    }

    /// <summary>Refuses a value other than the only one that the lab does.</summary>
    internal static void Only<T>(T? value, T only, string parameter)
        where T : struct
    {
        if (value is { } given && !given.Equals(only))
        {
            throw RdsErrors.InvalidValue($"The lab does not emulate {parameter}={given}; only {only} is.");
        }
    }

    /// <summary>Refuses a number out of its range.</summary>
    internal static void Within(int? value, int least, int most, string parameter)
    {
        if (value is { } given && (given < least || given > most))
        {
            throw RdsErrors.InvalidValue($"Invalid value {given} for {parameter}: it must be between {least} and {most}.");
        }
    }
}
