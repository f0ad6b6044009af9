using System.Globalization;

namespace Pneumothorax.Lab.Learning.Recording;

/// <summary>Keeps recordings small: nobody sees more digits in a picture.</summary>
internal static class Digits
{
    /// <returns>The number with five significant digits.</returns>
    public static double Five(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Five(double)"/>
    public static float Five(float value) => float.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
