using AwsCompat.Shapes;

namespace AwsCompat.Server;

/// <summary>Text of a request as a scalar.</summary>
internal static class WireText
{
    /// <param name="shape">What the text should be.</param>
    /// <param name="text">The text.</param>
    /// <param name="path">The parameter, for the error.</param>
    /// <exception cref="WireFormatException">InvalidParameterValue, naming the parameter.</exception>
    public static object Parse(ScalarShape shape, string text, string path) => ScalarText.TryParse(shape, text)
        ?? throw new WireFormatException("InvalidParameterValue", $"The value \"{text}\" of the parameter {path} is not {ScalarText.Expected(shape.Kind)}.");
}
