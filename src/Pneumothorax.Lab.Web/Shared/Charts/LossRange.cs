using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.Charts;

/// <summary>A curve that leaves the drawn part of a loss chart.</summary>
/// <param name="Name">As at the end of the curve.</param>
/// <param name="X">Where it is highest, on the x axis.</param>
/// <param name="Highest">Its highest value.</param>
public sealed record BeyondRange(string Name, double X, double Highest)
{
    public string Text => DisplayText.Loss(Highest);
}

/// <summary>How much of a linear loss axis is worth drawing: one loss that ran away would flatten all other curves to a line.</summary>
/// <param name="Max">Upper end of the axis; null for an axis that holds everything.</param>
/// <param name="Beyond">The curves that leave it; also filled where every curve does and the axis therefore holds everything.</param>
public sealed record LossRange(double? Max, IReadOnlyList<BeyondRange> Beyond)
{
    /// <summary>Seven times what a network pays that knows nothing (ln 2).</summary>
    public const double Most = 5;

    /// <summary>Advice for whoever sees such a loss.</summary>
    public const string Advice = "A diverging loss usually means that the learning rate is too high: try a tenth of it.";

    /// <param name="series">The lines of the chart. Bands count too.</param>
    /// <param name="nameOf">Lines of one name count as one curve.</param>
    public static LossRange Of(IEnumerable<ChartSeries> series, Func<ChartSeries, string> nameOf)
    {
        List<BeyondRange> beyond = [];
        var ordinary = false;
        foreach (var curve in series.GroupBy(nameOf))
        {
            var values = curve.SelectMany(line => line.Y).Where(double.IsFinite).Order().ToList();
            if (values.Count == 0) continue;
            if (values[values.Count / 2] <= Most / 2) ordinary = true;
            var (x, highest) = curve.SelectMany(line => line.X.Zip(line.High ?? line.Y)).Where(point => double.IsFinite(point.Second)).MaxBy(point => point.Second);
            if (highest > Most) beyond.Add(new(curve.Key, x, highest));
        }
        return new(ordinary && beyond.Count > 0 ? Most : null, beyond);
    }

    /// <summary>The same on an axis that holds everything, such as a logarithmic one.</summary>
    public LossRange Whole() => this with { Max = null };

    /// <summary>For under the chart of one run; null where no curve is beyond what is usual.</summary>
    public string? Note => Beyond.Count == 0 ? null
        : Max is { } max ? $"Values above {max:0} lie beyond the chart, up to {Beyond.MaxBy(curve => curve.Highest)!.Text}. Log loss shows all of them. {Advice}" : Advice;

    /// <summary>At the upper edge, where a curve leaves the chart.</summary>
    public IReadOnlyList<ChartMark> Marks => Max is not { } max ? [] :
        [.. Beyond.OrderByDescending(curve => curve.Highest).Take(5).Select(curve => new ChartMark(curve.X, max, $"{curve.Name} up to {curve.Text}", "diamond"))];
}
