using System.Collections;
using System.Xml;
using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Writes response values as XML.</summary>
internal static class XmlWriting
{
    public static void Members(XmlWriter xml, IEnumerable<Member> members, object owner)
    {
        foreach (var member in members)
        {
            Value(xml, member.WireName, member.Shape, member.Get(owner));
        }
    }

    private static void Value(XmlWriter xml, string name, Shape shape, object? value)
    {
        switch (shape)
        {
            case ListShape { Flattened: true } list:
                foreach (var item in (IEnumerable?)value ?? Array.Empty<object>())
                {
                    Value(xml, list.ItemName == "member" ? name : list.ItemName, list.Item, item);
                }

                break;
            case ListShape list:
                xml.WriteStartElement(name);
                // An absent list is an empty element: AWS's query services always write theirs, and waiters count them.
                foreach (var item in (IEnumerable?)value ?? Array.Empty<object>())
                {
                    Value(xml, list.ItemName, list.Item, item);
                }

                xml.WriteEndElement();
                break;
            case MapShape map:
                WriteMap(xml, name, map, (IDictionary?)value);
                break;
            case StructureShape structure when value is not null:
                xml.WriteStartElement(name);
                Members(xml, structure.Members, value);
                xml.WriteEndElement();
                break;
            case ScalarShape when value is not null:
                xml.WriteElementString(name, ScalarText.Format(value));
                break;
        }
    }

    private static void WriteMap(XmlWriter xml, string name, MapShape shape, IDictionary? map)
    {
        if (!shape.Flattened)
        {
            xml.WriteStartElement(name);
        }

        foreach (DictionaryEntry entry in map ?? new Dictionary<string, object>())
        {
            xml.WriteStartElement(shape.Flattened ? name : "entry");
            xml.WriteElementString(shape.KeyName, (string)entry.Key);
            Value(xml, shape.ValueName, shape.Value, entry.Value);
            xml.WriteEndElement();
        }

        if (!shape.Flattened)
        {
            xml.WriteEndElement();
        }
    }
}
