using System.Globalization;
using System.Numerics;

namespace Dbre.Lab.Services.DynamoDb.Values;

/// <summary>
/// A DynamoDB number: up to 38 significant decimal digits, magnitude from 1E-130 to 9.99…E+125. Kept as digits × 10^exponent without trailing zeros,
/// so that equal numbers are equal and sums are exact.
/// </summary>
internal readonly record struct Number : IComparable<Number>
{
    private const int MaximumDigits = 38, MaximumExponent = 125, MinimumExponent = -130;

    private readonly BigInteger digits;
    private readonly int exponent;

    private Number(BigInteger digits, int exponent)
    {
        this.digits = digits;
        this.exponent = exponent;
    }

    internal static Number Of(int value) => Normal(value, 0);

    /// <exception cref="ServiceException">ValidationException in AWS's words: not a number, too precise, too large, too small.</exception>
    internal static Number Parse(string text)
    {
        var mantissa = text.Trim();
        var exponent = 0;
        var e = mantissa.AsSpan().IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(mantissa.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            {
                throw NotNumeric(text);
            }

            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        return BigInteger.TryParse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits)
            ? Normal(digits, exponent)
            : throw NotNumeric(text);
    }

    public static Number operator +(Number a, Number b)
    {
        var exponent = Math.Min(a.exponent, b.exponent);
        return Normal(a.Scaled(exponent) + b.Scaled(exponent), exponent);
    }

    public static Number operator -(Number a, Number b) => a + new Number(-b.digits, b.exponent);

    public int CompareTo(Number other)
    {
        if (digits.Sign != other.digits.Sign)
        {
            return digits.Sign.CompareTo(other.digits.Sign);
        }

        var exponent = Math.Min(this.exponent, other.exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    /// <summary>Plain decimal notation, as DynamoDB answers it.</summary>
    public override string ToString()
    {
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        if (exponent >= 0)
        {
            text += new string('0', exponent);
        }
        else
        {
            text = text.PadLeft(1 - exponent, '0').Insert(Math.Max(text.Length, 1 - exponent) + exponent, ".");
        }

        return digits.Sign < 0 ? "-" + text : text;
    }

    /// <summary>Bytes that AWS counts for it: about one per two significant digits, and one.</summary>
    internal int Size => (Digits(digits) + 1) / 2 + 1 + (digits.Sign < 0 ? 1 : 0);

    private BigInteger Scaled(int toExponent) => digits * BigInteger.Pow(10, exponent - toExponent);

    private static Number Normal(BigInteger digits, int exponent)
    {
        if (digits.IsZero)
        {
            return new Number(BigInteger.Zero, 0);
        }

        while (true)
        {
            var (quotient, remainder) = BigInteger.DivRem(digits, 10);
            if (!remainder.IsZero)
            {
                break;
            }

            digits = quotient;
            exponent++;
        }

        var count = Digits(digits);
        if (count > MaximumDigits)
        {
            throw Invalid("Attempting to store more than 38 significant digits in a Number");
        }

        return (exponent + count - 1) switch
        {
            > MaximumExponent => throw Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range"),
            < MinimumExponent => throw Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            _ => new Number(digits, exponent),
        };
    }

    private static int Digits(BigInteger digits) => BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).Length;

    private static ServiceException NotNumeric(string text) => Invalid($"The parameter cannot be converted to a numeric value: {text}");

    private static ServiceException Invalid(string message) => new("ValidationException", message);
}
