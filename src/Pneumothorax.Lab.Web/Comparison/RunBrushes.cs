using Pneumothorax.Lab.Web.Evaluation;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Which values of one column a run may have.</summary>
/// <param name="Key">Of the column.</param>
/// <param name="Words">For a column of words; null for one of numbers.</param>
public sealed record RunBrush(string Key, double From, double To, IReadOnlyList<string>? Words)
{
    public bool Passes(RunCell cell) => Words is not null ? Words.Contains(cell.Text) : cell.Number >= From && cell.Number <= To;

    /// <returns>"learningRate:0.001~0.005", or "flip:On|Off".</returns>
    public override string ToString() => $"{Key}:{(Words is null ? $"{UrlQuery.Text(From)}~{UrlQuery.Text(To)}" : string.Join('|', Words))}";

    public static RunBrush? Parse(string text)
    {
        var parts = text.Split(':', 2);
        if (parts.Length < 2 || parts[0] == "" || parts[1] == "") return null;

        var ends = parts[1].Split('~');
        if (ends.Length == 2 && UrlQuery.Number(ends[0]) is { } from && UrlQuery.Number(ends[1]) is { } to)
            return new(parts[0], Math.Min(from, to), Math.Max(from, to), null);
        return new(parts[0], 0, 0, parts[1].Split('|'));
    }
}

/// <summary>What the reader asks of the runs, a brush a column at most; a run must pass all of them.</summary>
public sealed record RunBrushes(IReadOnlyList<RunBrush> All)
{
    /// <summary>Text that means nothing counts as no brush.</summary>
    public static RunBrushes Parse(string? text) =>
        new([.. (text ?? "").Split(';').Select(RunBrush.Parse).OfType<RunBrush>().DistinctBy(brush => brush.Key)]);

    public override string ToString() => string.Join(';', All);

    public RunBrush? Find(string key) => All.FirstOrDefault(brush => brush.Key == key);

    public RunBrushes With(RunBrush brush) => new([.. All.Where(other => other.Key != brush.Key), brush]);

    public RunBrushes Without(string key) => new([.. All.Where(other => other.Key != key)]);

    /// <param name="run">Its place in the columns. A brush on a column that is not there asks nothing.</param>
    public bool Pass(IReadOnlyList<RunColumn> columns, int run) =>
        All.All(brush => columns.FirstOrDefault(column => column.Key == brush.Key) is not { } column || brush.Passes(column.Cells[run]));
}
