namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>
/// Exponential and circular functions from additions and multiplications alone. The runtime's own go to the C library, whose
/// last digit differs between hosts, and one digit is enough to round a pixel the other way.
/// </summary>
internal static class PortableMath
{
    private const double Ln2 = 0.693147180559945309417;

    /// <returns>e to the x, good to about 1e-9; 0 below -40.</returns>
    public static double Exp(double x)
    {
        if (x < -40) return 0;
        var halvings = Math.Floor(x / Ln2 + 0.5);
        var r = x - halvings * Ln2;     // |r| <= 0.35
        var sum = 1 + r * (1 + r * (1 / 2.0 + r * (1 / 6.0 + r * (1 / 24.0 + r * (1 / 120.0 + r * (1 / 720.0 + r * (1 / 5040.0 + r / 40320.0)))))));
        return sum * BitConverter.Int64BitsToDouble(((long)halvings + 1023) << 52);
    }

    /// <param name="x">Radians; meant for a few turns.</param>
    public static double Sin(double x)
    {
        x -= Math.Floor(x / (2 * Math.PI) + 0.5) * 2 * Math.PI;     // -pi..pi
        var square = x * x;
        var sum = 1.0;
        for (var n = 21; n >= 3; n -= 2) sum = 1 - sum * square / (n * (n - 1));
        return x * sum;
    }

    public static double Cos(double x) => Sin(x + Math.PI / 2);

    /// <returns>0 below 0, 1 above 1, smooth between.</returns>
    public static double Smooth(double x)
    {
        var t = Math.Clamp(x, 0, 1);
        return t * t * (3 - 2 * t);
    }
}
