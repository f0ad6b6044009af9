using System.Globalization;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>A column of the comparison as one of several upright axes. Places go from 0 at the bottom to 1 at the top.</summary>
public sealed class ParallelAxis
{
    /// <summary>From this ratio of highest to lowest on, equal distances mean equal factors.</summary>
    private const double WideRatio = 8;

    private const int MostTicks = 6;

    private readonly double _low;
    private readonly double _high;
    private readonly IReadOnlyList<string> _words = [];

    public ParallelAxis(RunColumn column)
    {
        Column = column;
        var there = column.Cells.Where(cell => !cell.IsNone).ToList();
        if (!column.IsNumeric)
        {
            _words = [.. there.Select(cell => cell.Text).Distinct().Order(StringComparer.Ordinal)];
            return;
        }
        (_low, _high) = (there.Min(cell => cell.Number!.Value), there.Max(cell => cell.Number!.Value));
        IsLogarithmic = _low > 0 && _high >= WideRatio * _low;
    }

    public RunColumn Column { get; }

    public bool IsLogarithmic { get; }

    /// <summary>Its values from the bottom up, where they are words; empty where they are numbers.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <returns>Null for a run that has nothing there.</returns>
    public double? PlaceOf(RunCell cell)
    {
        if (cell.IsNone) return null;
        if (cell.Number is { } number && _words.Count == 0) return PlaceOf(number);
        var at = _words.ToList().IndexOf(cell.Text);
        return at < 0 ? null : PlaceOfWord(at);
    }

    /// <summary>Values to write beside it, with their places: all while they are few, else both ends and the middle.</summary>
    public IReadOnlyList<(double Place, string Text)> Ticks
    {
        get
        {
            if (_words.Count > 0) return [.. _words.Select((word, at) => (PlaceOfWord(at), word))];
            var cells = Column.Cells.Where(cell => cell.Number is not null).DistinctBy(cell => cell.Number).OrderBy(cell => cell.Number).ToList();
            List<(double Place, string Text)> ticks = [];
            foreach (var cell in cells.Count <= MostTicks ? cells : [cells[0], cells[cells.Count / 2], cells[^1]])
            {
                // Values that lie close together would be written over each other.
                var place = PlaceOf(cell.Number!.Value);
                if (ticks.Count == 0 || place - ticks[^1].Place > 0.07) ticks.Add((place, cell.Text));
            }
            return ticks;
        }
    }

    /// <returns>A brush over a part of it; null where that holds no value.</returns>
    public RunBrush? BrushOf(double from, double to)
    {
        if (_words.Count == 0) return new(Column.Key, Round(ValueAt(Math.Min(from, to))), Round(ValueAt(Math.Max(from, to))), null);
        List<string> words = [.. _words.Where((_, at) => PlaceOfWord(at) >= Math.Min(from, to) && PlaceOfWord(at) <= Math.Max(from, to))];
        return words.Count == 0 ? null : new(Column.Key, 0, 0, words);
    }

    /// <returns>The parts of it that a brush lets through.</returns>
    public IReadOnlyList<(double From, double To)> PartsOf(RunBrush brush) => _words.Count == 0
        ? [(Math.Clamp(PlaceOf(brush.From), -0.02, 1.02), Math.Clamp(PlaceOf(brush.To), -0.02, 1.02))]
        : [.. _words.Select((word, at) => (word, at)).Where(one => brush.Words?.Contains(one.word) == true).Select(one => (PlaceOfWord(one.at) - 0.04, PlaceOfWord(one.at) + 0.04))];

    private double PlaceOf(double value)
    {
        if (_high == _low) return 0.5;
        return IsLogarithmic ? value <= 0 ? -1 : Math.Log(value / _low) / Math.Log(_high / _low) : (value - _low) / (_high - _low);
    }

    private double ValueAt(double place) => IsLogarithmic ? _low * Math.Pow(_high / _low, place) : _low + (_high - _low) * place;

    private double PlaceOfWord(int at) => _words.Count == 1 ? 0.5 : (double)at / (_words.Count - 1);

    // Nobody means more digits by dragging.
    private static double Round(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
