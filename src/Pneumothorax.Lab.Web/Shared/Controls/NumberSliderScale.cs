using System.Globalization;

namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>The arithmetic of a <see cref="NumberSlider"/>: values to places on the slider, and from one value to the next.</summary>
/// <param name="Step">Distance of neighbouring values; 0 on a logarithmic scale, where values have two significant digits.</param>
/// <param name="Values">The only values, rising, where they are not evenly spaced; each has one place.</param>
public sealed record NumberSliderScale(double Min, double Max, double Step, bool Logarithmic, IReadOnlyList<double>? Values = null)
{
    /// <summary>Places on a logarithmic slider; a linear one has one for each step.</summary>
    private const int LogPlaces = 1000;

    public int Places => Values is not null ? Math.Max(1, Values.Count - 1) : Logarithmic ? LogPlaces : (int)Math.Max(1, Math.Round((Max - Min) / Step));

    public int PlaceOf(double value)
    {
        if (Values is not null) return Nearest(Values, value);
        var share = Logarithmic ? Math.Log(value / Min) / Math.Log(Max / Min) : (value - Min) / (Max - Min);
        return (int)Math.Round(Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * Places);
    }

    public double ValueAt(int place)
    {
        if (Values is not null) return Values[Math.Clamp(place, 0, Values.Count - 1)];
        var share = (double)place / Places;
        return Round(Logarithmic ? Min * Math.Pow(Max / Min, share) : Min + share * (Max - Min));
    }

    /// <returns>The nearest value of the scale, between its ends.</returns>
    public double Round(double value)
    {
        if (Values is not null) return ValueAt(PlaceOf(value));
        if (!Logarithmic) return Clean(Math.Clamp(Min + Math.Round((value - Min) / Step) * Step, Min, Max));
        var rounded = double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(Step >= 1 ? Math.Round(rounded) : rounded, Min, Max);
    }

    /// <returns>One step up or down: on a logarithmic scale the next of 1, 2, 5, 10, ...</returns>
    public double Next(double value, bool up)
    {
        if (Values is not null) return ValueAt(PlaceOf(value) + (up ? 1 : -1));
        if (!Logarithmic) return Round(value + (up ? Step : -Step));
        var decade = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        double[] stops = [.. from power in (int[])[1, 10, 100] from digit in (int[])[1, 2, 5] select Clean(decade * power * digit)];
        var next = up ? stops.First(stop => stop > value * 1.0001) : stops.Last(stop => stop < value * 0.9999);
        return Math.Clamp(next, Min, Max);
    }

    /// <returns>Place of the nearest value, the earlier of two; lists of images are long, so by halves.</returns>
    private static int Nearest(IReadOnlyList<double> values, double value)
    {
        int low = 0, high = values.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (values[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low > 0 && value - values[low - 1] <= Math.Abs(values[low] - value) ? low - 1 : low;
    }

    /// <returns>Without the dust of binary fractions: 0.3, not 0.30000000000000004.</returns>
    private static double Clean(double value) => double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
