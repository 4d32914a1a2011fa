namespace Amazon.Lambda.Core;

/// <summary>Names the serializer of an assembly's or a method's events. The type has a public constructor without parameters.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    public Type SerializerType { get; set; } = serializerType;
}
