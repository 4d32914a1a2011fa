using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime.Internal.Transform;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Reads response values from XML. Elements that the model does not have are newer than it, and passed over.</summary>
internal static class XmlReading
{
    public static XElement Load(XmlUnmarshallerContext context)
    {
        using var reader = XmlReader.Create(context.Stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CloseInput = false });
        return XElement.Load(reader);
    }

    public static XElement? Child(XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    public static void Members(IEnumerable<Member> members, XElement parent, object target)
    {
        foreach (var member in members)
        {
            var value = member.Shape switch
            {
                ListShape { Flattened: true } list => List(list, parent, list.ItemName == "member" ? member.WireName : list.ItemName),
                MapShape { Flattened: true } map => Map(map, parent, member.WireName),
                _ => Child(parent, member.WireName) is { } element ? Value(member.Shape, element, member.Name) : null,
            };
            if (value is not null)
            {
                member.Set(target, value);
            }
        }
    }

    private static object? Value(Shape shape, XElement element, string path)
    {
        switch (shape)
        {
            case ListShape list:
                return List(list, element, list.ItemName);
            case MapShape map:
                return Map(map, element, "entry");
            case StructureShape structure:
                var target = structure.Create();
                Members(structure.Members, element, target);
                return target;
            default:
                return ScalarText.Parse((ScalarShape)shape, element.Value, path);
        }
    }

    /// <summary>Null for an empty list: the SDK's own clients cannot tell it from an absent one either.</summary>
    private static object? List(ListShape shape, XElement parent, string name)
    {
        var items = shape.Create();
        foreach (var element in parent.Elements().Where(e => e.Name.LocalName == name))
        {
            items.Add(Value(shape.Item, element, name));
        }

        return items.Count == 0 ? null : items;
    }

    private static object? Map(MapShape shape, XElement parent, string name)
    {
        var entries = shape.Create();
        foreach (var element in parent.Elements().Where(e => e.Name.LocalName == name))
        {
            if (Child(element, shape.KeyName) is { } key && Child(element, shape.ValueName) is { } value)
            {
                entries[key.Value] = Value(shape.Value, value, name);
            }
        }

        return entries.Count == 0 ? null : entries;
    }
}
