using System.Text.RegularExpressions;

namespace Dbre.Infra.Naming;

/// <summary>
/// A resource ARN as an <c>[Allow]</c> states it, with <c>${…}</c> tokens. What a token stands for depends on where the function is deployed.
/// </summary>
public static partial class ArnTemplate
{
    /// <summary>The tokens that stand for one thing each. <c>${Key}</c> is the ARN of the stack's own KMS key.</summary>
    public static readonly IReadOnlyList<string> Tokens = ["Partition", "Region", "Account", "LedgerTable", "EvidenceBucket", "RunBucket", "Topic", "Key"];

    /// <summary>The token families, <c>${Function:Class}</c>, <c>${StateMachine:flow}</c>, and its executions: <c>${Executions:flow}</c>, <c>${Executions:flow/label}</c>.</summary>
    public static readonly IReadOnlyList<string> Families = ["Function:", "StateMachine:", "Executions:"];

    /// <exception cref="SynthesisException">It has an unknown token or is no ARN; <paramref name="where"/> leads the message.</exception>
    public static void Check(string template, string where)
    {
        CheckTokens(template, where);
        if (!template.StartsWith("arn:", StringComparison.Ordinal) && !WholeArn().IsMatch(template))
        {
            throw new SynthesisException($"{where} is \"{template}\"; it must be an ARN, or a token that stands for one.");
        }
    }

    /// <exception cref="SynthesisException">It has an unknown token; <paramref name="where"/> leads the message.</exception>
    public static void CheckTokens(string template, string where)
    {
        foreach (var token in TokensOf(template))
        {
            if (!Tokens.Contains(token) && !Families.Any(family => token.StartsWith(family, StringComparison.Ordinal)))
            {
                throw new SynthesisException(
                    $"{where} is \"{template}\" with the unknown token ${{{token}}}; allowed are {string.Join(", ", Tokens.Select(t => $"${{{t}}}"))}, ${{Function:Class}}, ${{StateMachine:flow}} and ${{Executions:flow}}.");
            }
        }
    }

    public static IEnumerable<string> TokensOf(string template) => Token().Matches(template).Select(match => match.Groups[1].Value);

    /// <summary>The state machine that a token names, or whose executions it names; null when it names none.</summary>
    public static string? FlowOf(string token) => token.Split(':') is ["StateMachine" or "Executions", var named] ? named.Split('/')[0] : null;

    /// <summary>Fills every token in.</summary>
    /// <param name="template">A template that passed <see cref="Check"/>.</param>
    /// <param name="value">What a token stands for.</param>
    public static string Fill(string template, Func<string, string> value) => Token().Replace(template, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Token();

    [GeneratedRegex(@"^\$\{(LedgerTable|Topic|Key|Function:[^}]*|StateMachine:[^}]*|Executions:[^}]*)\}$")]
    private static partial Regex WholeArn();
}
