using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbre.Functions.Runtime;

/// <summary>How messages are written: camel case, enums by name. A field that a request does not have, or lacks, is an error that names it.</summary>
public static class FunctionJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };
}
