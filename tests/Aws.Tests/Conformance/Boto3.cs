using System.Diagnostics;

namespace Dbre.Aws.Tests.Conformance;

/// <summary>AWS's own Python SDK, as the other side of our wire.</summary>
internal static class Boto3
{
    private static readonly Lazy<bool> Present = new(() =>
    {
        try
        {
            return Run("import boto3").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Null when boto3 can be used; else why a test that needs it is skipped.</summary>
    public static string? Missing => Present.Value ? null : "python3 with boto3 is not installed";

    public static (int ExitCode, string Output, string Error) Run(string script, string endpoint = "http://127.0.0.1:1")
    {
        var start = new ProcessStartInfo("python3", ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AWS_ENDPOINT_URL"] = endpoint;
        start.Environment["AWS_DEFAULT_REGION"] = "eu-west-1";
        start.Environment["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_MAX_ATTEMPTS"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
