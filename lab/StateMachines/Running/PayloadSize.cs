using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>How many bytes a value is as JSON text. Every state asks for it, so the buffer is kept.</summary>
internal static class PayloadSize
{
    private const int KeptBuffer = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    internal static int Of(JsonNode? payload)
    {
        if (payload is null)
        {
            return "null".Length;
        }

        if (buffer is null || buffer.Capacity > KeptBuffer)
        {
            (buffer, writer) = (new ArrayBufferWriter<byte>(), null);
        }

        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer);
        writer.Reset(buffer);
        payload.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenCount;
    }
}
