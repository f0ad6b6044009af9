namespace Pneumothorax.Lab.Learning.Training;

/// <summary>
/// Seconds that a unit of work takes, over slices of time of which the newer ones count more. A slice that took several times as long as nine of ten,
/// such as one in which the machine stood still, is capped; slow ones that come regularly count in full.
/// </summary>
internal sealed class WorkPace
{
    /// <summary>Seconds of one slice: shorter pieces of work are put together, so that a quick step says no more than a long one.</summary>
    private const double Slice = 1;

    /// <summary>The memory grows with what there is to remember, within these bounds, in seconds.</summary>
    private const double ShortestMemory = 30, LongestMemory = 100;

    private const double Usual = 0.9, MostOfUsual = 3;

    /// <summary>Older ones weigh next to nothing.</summary>
    private const int MostSlices = 2000;

    private readonly List<(double Seconds, double Work, double At)> _slices = [];
    private (double Seconds, double Work) _open;
    private double _total;

    /// <summary>Pieces of work so far.</summary>
    public int Pieces { get; private set; }

    /// <param name="seconds">That it took.</param>
    public void Add(double work, double seconds)
    {
        if (work <= 0 || seconds <= 0) return;
        Pieces++;
        _total += seconds;
        _open = (_open.Seconds + seconds, _open.Work + work);
        if (_open.Seconds < Slice) return;
        if (_slices.Count == MostSlices) _slices.RemoveRange(0, MostSlices / 2);
        _slices.Add((_open.Seconds, _open.Work, _total));
        _open = default;
    }

    /// <returns>Seconds for a unit of work; null before anything was done.</returns>
    public double? SecondsEach()
    {
        List<(double Seconds, double Work, double At)> slices = _open.Work > 0 ? [.. _slices, (_open.Seconds, _open.Work, _total)] : _slices;
        if (slices.Count == 0) return null;

        var memory = Math.Clamp(_total / 2, ShortestMemory, LongestMemory);
        List<(double Pace, double Weight)> paces = [.. from slice in slices select (slice.Seconds / slice.Work, slice.Work * Math.Exp((slice.At - _total) / memory))];
        var most = MostOfUsual * Quantile(paces, Usual);
        return paces.Sum(slice => Math.Min(slice.Pace, most) * slice.Weight) / paces.Sum(slice => slice.Weight);
    }

    /// <returns>The value below which this share of the weight lies.</returns>
    private static double Quantile(IEnumerable<(double Value, double Weight)> values, double share)
    {
        var rising = values.OrderBy(value => value.Value).ToList();
        var left = rising.Sum(value => value.Weight) * share;
        foreach (var (value, weight) in rising)
        {
            left -= weight;
            if (left <= 0) return value;
        }
        return rising[^1].Value;
    }
}
