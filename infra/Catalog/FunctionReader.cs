using System.Reflection;
using System.Text.RegularExpressions;

using Dbre.Functions.Abstractions;
using Dbre.Infra.Naming;

namespace Dbre.Infra.Catalog;

/// <summary>Reads one class into a <see cref="FunctionSpec"/>, or refuses it with the class and the field that is wrong.</summary>
internal static partial class FunctionReader
{
    // By name, so that a build with the official Amazon.Lambda.Annotations package reads the same classes.
    private const string LambdaFunction = "Amazon.Lambda.Annotations.LambdaFunctionAttribute";

    // The limit of Lambda function names and of IAM role names; the recovery Region's role carries a Region suffix as well.
    private const int LongestName = 64 - 15;

    /// <returns>Null when the class is no function.</returns>
    public static FunctionSpec? Read(Type type)
    {
        var handlers = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .SelectMany(method => method.GetCustomAttributesData()).Where(data => data.AttributeType.FullName == LambdaFunction).ToList();
        var allows = type.GetCustomAttributes<AllowAttribute>().ToList();
        var where = $"{type.Assembly.GetName().Name}.{type.Name}";
        if (handlers.Count == 0)
        {
            return allows.Count == 0
                ? null
                : throw new SynthesisException($"{where}: has [Allow] but no method with [LambdaFunction]; permissions belong to functions only.");
        }

        if (handlers.Count > 1)
        {
            throw new SynthesisException($"{where}: has {handlers.Count} methods with [LambdaFunction]; a class is one function.");
        }

        var function = new FunctionSpec(
            type.Name, type.Assembly.GetName().Name!,
            Number(handlers[0], where, "Timeout", 1, 900), Number(handlers[0], where, "MemorySize", 128, 10240),
            [.. allows.Select(allow => ReadAllow(allow, where))], type.IsDefined(typeof(AlsoInRecoveryRegionAttribute)));
        return function.Name.Length <= LongestName
            ? function
            : throw new SynthesisException($"{where}: its name {function.Name} has {function.Name.Length} characters; at most {LongestName} are allowed.");
    }

    private static int Number(CustomAttributeData attribute, string where, string field, int least, int most)
    {
        var given = attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == field).TypedValue.Value;
        return given switch
        {
            null => throw new SynthesisException($"{where}: [LambdaFunction] does not say {field}; allowed is {least} to {most}."),
            uint number when number >= least && number <= most => (int)number,
            _ => throw new SynthesisException($"{where}: [LambdaFunction] {field} is {given}; allowed is {least} to {most}."),
        };
    }

    private static Allowance ReadAllow(AllowAttribute allow, string where)
    {
        var listed = string.Join(", ", allow.Actions.Select(action => $"\"{action}\""));
        if (allow.Actions.Count == 0)
        {
            throw new SynthesisException($"{where}: [Allow] names no action; allowed are IAM actions such as rds:CopyDBSnapshot.");
        }

        if (allow.Actions.FirstOrDefault(action => !Action().IsMatch(action)) is { } wrong)
        {
            throw new SynthesisException(
                $"{where}: [Allow] action \"{wrong}\" is not one IAM action; allowed are names such as rds:CopyDBSnapshot, without wildcards.");
        }

        var everything = allow.On is null or "*";
        if (everything && string.IsNullOrWhiteSpace(allow.Why))
        {
            throw new SynthesisException($"{where}: [Allow({listed})] has no On, which is every resource, and no Why; name the resource in On, or say in Why there is no narrower one.");
        }

        if (!everything)
        {
            ArnTemplate.Check(allow.On!, $"{where}: [Allow({listed})] On");
        }

        if (allow.If is { } condition)
        {
            if (!Condition().IsMatch(condition))
            {
                throw new SynthesisException($"{where}: [Allow({listed})] If is \"{condition}\"; it must be a condition key, '=' and its value, such as iam:PassedToService=rds.amazonaws.com.");
            }

            ArnTemplate.CheckTokens(condition, $"{where}: [Allow({listed})] If");
        }

        return new Allowance(allow.Actions, everything ? null : allow.On, allow.Why) { If = allow.If, OwnAccount = allow.OwnAccount };
    }

    [GeneratedRegex("^[a-z0-9-]+:[A-Za-z0-9]+$")]
    private static partial Regex Action();

    [GeneratedRegex("^[a-z0-9]+:[A-Za-z]+=[^=*]+$")]
    private static partial Regex Condition();
}
