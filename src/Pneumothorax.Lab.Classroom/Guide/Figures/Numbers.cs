using System.Globalization;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>Numbers as the pictures of the guide write them.</summary>
public static class Numbers
{
    /// <returns>With a true minus sign, which is as wide as a digit; never "−0".</returns>
    public static string Text(double value, int digits)
    {
        var text = value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAnyExcept("-0.") < 0 ? text.TrimStart('-') : text.Replace('-', '\u2212');
    }

    /// <returns>A summand with its sign: "+ 0.31", "− 0.05".</returns>
    public static string Summand(double value, int digits) => $"{(value < 0 ? '\u2212' : '+')} {Text(Math.Abs(value), digits)}";

    /// <returns>A coordinate in CSS or SVG.</returns>
    public static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
