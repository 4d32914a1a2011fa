using System.Collections;
using System.Globalization;
using Amazon.Runtime.Internal;
using Amazon.Util;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Writes a request of the query protocol or of EC2's: a form with dotted keys.</summary>
internal static class QueryRequest
{
    public static void Write(IRequest request, ServiceModel model, Operation operation, object input)
    {
        request.Parameters.Add("Action", operation.Name);
        request.Parameters.Add("Version", model.ApiVersion);
        Members(request.Parameters, "", operation.Input, input);
        request.ContentStream = AWSSDKUtils.WriteParametersToPooledStream(request);
        request.Headers["Content-Type"] = AWSSDKUtils.UrlEncodedContent;
    }

    private static void Members(IDictionary<string, string> form, string prefix, StructureShape shape, object owner)
    {
        foreach (var member in shape.Members)
        {
            if (Present.Value(member, owner) is { } value)
            {
                Value(form, prefix + member.Key, member.Shape, value);
            }
        }
    }

    private static void Value(IDictionary<string, string> form, string key, Shape shape, object value)
    {
        switch (shape)
        {
            case StructureShape structure:
                Members(form, key + ".", structure, value);
                break;
            case ListShape list:
                // A flattened list's items bear the item's name instead of the member's, where the model gives one; EC2's never do.
                var itemKey = list.FlatKeys ? key : list.Flattened ? (list.ItemName == "member" ? key : Sibling(key, list.ItemName)) : $"{key}.{list.ItemName}";
                List(form, key, itemKey, list, (IList)value);
                break;
            case MapShape map:
                var number = 0;
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    var at = string.Create(CultureInfo.InvariantCulture, $"{key}{(map.Flattened ? "" : ".entry")}.{++number}");
                    form[$"{at}.{map.KeyName}"] = (string)entry.Key;
                    Value(form, $"{at}.{map.ValueName}", map.Value, entry.Value!);
                }

                break;
            default:
                form[key] = ScalarText.Format(value);
                break;
        }
    }

    private static void List(IDictionary<string, string> form, string key, string itemKey, ListShape shape, IList items)
    {
        if (items.Count == 0 && !shape.FlatKeys)
        {
            // "Tags=": empty, not absent. EC2 has no such form.
            form[key] = "";
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            Value(form, string.Create(CultureInfo.InvariantCulture, $"{itemKey}.{i + 1}"), shape.Item, items[i]!);
        }
    }

    private static string Sibling(string key, string name) => key[..(key.LastIndexOf('.') + 1)] + name;
}
