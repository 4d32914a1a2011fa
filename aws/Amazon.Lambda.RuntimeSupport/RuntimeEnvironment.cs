using System.Globalization;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What Lambda says to the process about itself: reserved environment variables.</summary>
/// <param name="RuntimeApi">Host and port of the Runtime API, perhaps with a path before the API's own.</param>
internal sealed record RuntimeEnvironment(
    string RuntimeApi, string FunctionName, string FunctionVersion, int MemoryInMB, string LogGroup, string LogStream, bool JsonLogs)
{
    /// <exception cref="InvalidOperationException">The process was not started by Lambda, or by the lab in its place.</exception>
    public static RuntimeEnvironment OfProcess()
    {
        static string Read(string name) => Environment.GetEnvironmentVariable(name) ?? "";

        var api = Read("AWS_LAMBDA_RUNTIME_API");
        if (api.Length == 0)
        {
            throw new InvalidOperationException("The environment variable AWS_LAMBDA_RUNTIME_API is not set: this program is a Lambda function and is started by Lambda or by the lab.");
        }

        return new(
            api,
            Read("AWS_LAMBDA_FUNCTION_NAME"),
            Read("AWS_LAMBDA_FUNCTION_VERSION"),
            int.TryParse(Read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out var memory) ? memory : 128,
            Read("AWS_LAMBDA_LOG_GROUP_NAME"),
            Read("AWS_LAMBDA_LOG_STREAM_NAME"),
            Read("AWS_LAMBDA_LOG_FORMAT").Equals("JSON", StringComparison.OrdinalIgnoreCase));
    }
}
