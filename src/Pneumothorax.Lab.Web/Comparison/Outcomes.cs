using System.Globalization;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>A number with what it must be read with.</summary>
public sealed record Outcome(string Value, string? Doubt = null)
{
    public static Outcome None { get; } = new("–");
}

/// <summary>What came of the compared runs, as rows of a table.</summary>
public static class Outcomes
{
    public static IReadOnlyList<(string Title, IReadOnlyList<Outcome> Cells)> Of(IReadOnlyList<ComparedRun> runs)
    {
        return
        [
            .. runs.All(run => run.Run.State == RunState.Completed) ? Array.Empty<(string, IReadOnlyList<Outcome>)>() : [Row("How far", run => new(run.Run.State.ToString(), run.Run.State == RunState.Completed ? null : $"step {Words.Number(run.Run.Step)} of {Words.Number(run.Run.Hyperparameters.Steps)}"))],
            Row("Test AUROC, 95 %", run => run.Evaluation?.Auroc is { Value: { } area } result
                ? new(Text(area), result is { Low: { } low, High: { } high } ? $"{Text(low)} to {Text(high)}" : null) : Outcome.None),
            Row("Test accuracy", run => run.Evaluation is { Accuracy: { } accuracy } evaluation
                ? new(Text(accuracy), $"always “clear”: {Text(1 - (double)evaluation.Positives / evaluation.File.Count)}") : Outcome.None),
            Row("Lowest validation loss", run => At(run.Curves.Lowest(SeriesNames.ValidationLoss))),
            Row("Best validation AUROC", run => At(run.Curves.Highest(SeriesNames.ValidationAuroc))),
            Row("Time", run => run.Took is { } took ? new(Words.Exact(took), run.Run.Attempt > 1 ? "from first start to end, pauses included" : null) : Outcome.None),
        ];

        (string, IReadOnlyList<Outcome>) Row(string title, Func<ComparedRun, Outcome> cell) => (title, [.. runs.Select(cell)]);
    }

    private static Outcome At((int Step, double Value)? point) =>
        point is { } best ? new(Text(best.Value), $"at step {Words.Number(best.Step)}") : Outcome.None;

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
