using System.Runtime.CompilerServices;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>What one run has in one column.</summary>
/// <param name="Doubt">What the value must be read with: an interval, a step.</param>
/// <param name="Number">For sorting and drawing; null where it is a word, or nothing.</param>
public sealed record RunCell(string Text, double? Number = null, string? Doubt = null)
{
    public static RunCell None { get; } = new("–");

    public bool IsNone => ReferenceEquals(this, None);
}

/// <summary>Which end of a column is the better one.</summary>
public enum Better { Neither, Higher, Lower }

/// <summary>One column of the comparison: a setting that differs, or a result.</summary>
/// <param name="Key">Its name in addresses.</param>
/// <param name="Cells">In the order of the runs.</param>
/// <param name="Unit">A quieter word below the title.</param>
public sealed record RunColumn(string Key, string Title, IReadOnlyList<RunCell> Cells, Better Better = Better.Neither, string? Unit = null)
{
    /// <summary>Whether a run has the best value, where there is a choice; runs that tie for it all have it.</summary>
    public bool IsBest(int run)
    {
        var numbers = Cells.Select(cell => cell.Number).OfType<double>().ToList();
        if (Better == Better.Neither || Cells[run].Number is not { } own || numbers.Distinct().Count() < 2) return false;
        return own == (Better == Better.Higher ? numbers.Max() : numbers.Min());
    }

    /// <summary>Whether its cells are numbers, which stand in order of size.</summary>
    public bool IsNumeric => Cells.Any(cell => cell.Number is not null) && Cells.All(cell => cell.IsNone || cell.Number is not null);
}

/// <summary>The comparison as columns.</summary>
public static class RunColumns
{
    public const string Auroc = "auroc";

    /// <summary>What takes sorting all scores, once an evaluation: a running neighbour's points ask for the table several times a second.</summary>
    private sealed record TestResults(AurocResult Auroc, double? Precision, double? Accuracy, double? CalibrationError);

    private static readonly ConditionalWeakTable<RunEvaluation, TestResults> s_known = [];

    /// <summary>Settings that not all runs share.</summary>
    public static IReadOnlyList<RunColumn> Settings(IReadOnlyList<ComparedRun> runs, IReadOnlyList<ComparedSetting> settings) =>
    [
        .. from setting in settings
           where setting.Differs
           let range = Ranges.All.FirstOrDefault(info => info.Name == setting.Name) as HyperparameterRange
           select new RunColumn(setting.Name, setting.Title,
           [
               .. runs.Select((run, at) => setting.Values[at] is { } text ? new RunCell(text, range?.Value(run.Run.Hyperparameters)) : RunCell.None),
           ]),
    ];

    /// <summary>What came of the runs. Nothing is called best where they were tested on different images.</summary>
    public static IReadOnlyList<RunColumn> Results(IReadOnlyList<ComparedRun> runs)
    {
        var alike = runs.Select(run => run.TestImages).OfType<(string, string, int)>().Distinct().Count() < 2;
        return
        [
            .. runs.All(run => run.Run.State == RunState.Completed) ? Array.Empty<RunColumn>() : [Column("state", "Progress", run => new(run.Run.State.ToString(), null, FarOf(run)))],
            Tested(Auroc, "Test AUROC", Better.Higher, "95 %", test => test.Auroc is { Value: { } area } result
                ? new(Text(area), area, result is { Low: { } low, High: { } high } ? $"{Text(low)} to {Text(high)}" : null) : RunCell.None),
            Tested("precision", "Average precision", Better.Higher, null, test => Cell(test.Precision)),
            Tested("accuracy", "Accuracy", Better.Higher, "at 0.5", test => Cell(test.Accuracy)),
            Tested("calibration", "Calibration error", Better.Lower, "expected", test => Cell(test.CalibrationError)),
            Column("loss", "Validation loss", run => run.Curves.Lowest(SeriesNames.ValidationLoss) is var (step, value)
                ? new(Text(value), value, $"at step {DisplayText.Number(step)}") : RunCell.None, Better.Lower, "lowest"),
            Column("time", "Time", run => run.Took is { } took ? new(DisplayText.Exact(took), took.TotalSeconds, run.Run.Attempt > 1 ? "including pauses" : null) : RunCell.None),
            .. runs.Select(run => run.Parameters).Distinct().Count() == 1 ? Array.Empty<RunColumn>() : [Column("parameters", "Parameters", run => run.Parameters is { } count ? new(DisplayText.Number(count), count) : RunCell.None)],
        ];

        RunColumn Column(string key, string title, Func<ComparedRun, RunCell> cell, Better better = Better.Neither, string? unit = null) =>
            new(key, title, [.. runs.Select(cell)], better, unit);

        RunColumn Tested(string key, string title, Better better, string? unit, Func<TestResults, RunCell> cell) =>
            Column(key, title, run => run.Evaluation is { } evaluation ? cell(s_known.GetValue(evaluation, Measure)) : RunCell.None, alike ? better : Better.Neither, unit);
    }

    /// <summary>Places of the runs, sorted; those that have nothing in the column come last.</summary>
    /// <param name="sort">A column's key, after "-" from the highest down. Any other word means the order of the letters.</param>
    public static IReadOnlyList<int> Order(IReadOnlyList<RunColumn> columns, int runs, string sort)
    {
        var places = Enumerable.Range(0, runs);
        if (columns.FirstOrDefault(column => column.Key == sort.TrimStart('-')) is not { } column) return [.. places];

        var falling = sort.StartsWith('-');
        var sorted = places.OrderBy(run => column.Cells[run].IsNone);
        if (column.IsNumeric) return [.. falling ? sorted.ThenByDescending(run => column.Cells[run].Number) : sorted.ThenBy(run => column.Cells[run].Number)];
        return [.. falling ? sorted.ThenByDescending(run => column.Cells[run].Text, StringComparer.Ordinal) : sorted.ThenBy(run => column.Cells[run].Text, StringComparer.Ordinal)];
    }

    private static TestResults Measure(RunEvaluation evaluation) => new(
        evaluation.Auroc, evaluation.AveragePrecision, evaluation.Accuracy, Calibration.Compute(evaluation.File.Labels, evaluation.Scores).ExpectedError);

    private static string? FarOf(ComparedRun run) =>
        run.Run.State == RunState.Completed ? null : $"step {DisplayText.Number(run.Run.Step)} of {DisplayText.Number(run.Run.Hyperparameters.Steps)}";

    private static RunCell Cell(double? value) => value is { } number ? new(Text(number), number) : RunCell.None;

    private static string Text(double value) => DisplayText.Figure(value);
}
