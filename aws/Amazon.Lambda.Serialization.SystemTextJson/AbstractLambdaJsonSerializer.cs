using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>JSON as Lambda events are written: property names without regard to case, nulls left out.</summary>
public abstract class AbstractLambdaJsonSerializer : ILambdaSerializer
{
    private readonly JsonWriterOptions writerOptions;

    protected AbstractLambdaJsonSerializer(Action<JsonWriterOptions>? jsonWriterCustomizer)
    {
        writerOptions = new JsonWriterOptions { SkipValidation = false };
        jsonWriterCustomizer?.Invoke(writerOptions);
    }

    /// <exception cref="JsonSerializerException">The event does not fit <typeparamref name="T"/>; the message names the type and what was wrong.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        try
        {
            return requestStream is MemoryStream memory && memory.TryGetBuffer(out var buffer)
                ? InternalDeserialize<T>(buffer.AsSpan((int)memory.Position))
                : InternalDeserialize<T>(ReadAll(requestStream));
        }
        catch (JsonException exception)
        {
            throw new JsonSerializerException($"Error converting the Lambda event JSON payload to type {typeof(T).FullName}: {exception.Message}", exception);
        }
    }

    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            using var writer = new Utf8JsonWriter(responseStream, writerOptions);
            InternalSerialize(writer, response);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new JsonSerializerException($"Error converting the response object of type {typeof(T).FullName} from the Lambda function to JSON: {exception.Message}", exception);
        }
    }

    protected virtual JsonSerializerOptions CreateDefaultJsonSerializationOptions() => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNameCaseInsensitive = true,
    };

    protected abstract T InternalDeserialize<T>(ReadOnlySpan<byte> utf8Json);

    protected abstract void InternalSerialize<T>(Utf8JsonWriter writer, T response);

    private static byte[] ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }
}
