namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>An event or a response could not be converted.</summary>
public sealed class JsonSerializerException : Exception
{
    public JsonSerializerException(string message)
        : base(message)
    {
    }

    public JsonSerializerException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
