namespace AwsCompat.Generator;

/// <summary>Emits an exception class with the SDK's constructors.</summary>
internal static class ExceptionEmitter
{
    /// <param name="properties">Type and name of what the error carries besides its message.</param>
    public static void Emit(CodeWriter code, string name, string baseName, IEnumerable<(string Type, string Name)> properties)
    {
        const string Details = "ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode";
        using (code.Open($"public partial class {name} : {baseName}"))
        {
            code.Line($"public {name}(string message) : base(message) {{ }}");
            code.Line($"public {name}(string message, Exception innerException) : base(message, innerException) {{ }}");
            code.Line($"public {name}(Exception innerException) : base(innerException.Message, innerException) {{ }}");
            code.Line($"public {name}(string message, {Details}) : base(message, errorType, errorCode, requestId, statusCode) {{ }}");
            code.Line($"public {name}(string message, Exception innerException, {Details}) : base(message, innerException, errorType, errorCode, requestId, statusCode) {{ }}");
            foreach (var (type, property) in properties)
            {
                code.Line($"public {type} {property} {{ get; set; }}");
            }
        }
    }
}
