using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>The time left of a run under way, as every page says it.</summary>
public static class TimeLeftText
{
    /// <summary>Share of its steps after which a run's pace is known well enough for a single figure.</summary>
    private const double KnownAfter = 0.1;

    /// <summary>How far off an earlier figure may well be: nine of ten recorded runs lay within.</summary>
    private const double Least = 0.8, Most = 1.3;

    /// <param name="otherwise">Seconds to go by while the run itself tells nothing; null where nothing tells.</param>
    /// <returns>"12 min", or "10 to 15 minutes" while too little is known; null where nothing tells.</returns>
    public static string? Of(Run run, double? otherwise = null)
    {
        if (run.State is not (RunState.Starting or RunState.Running)) return null;
        var told = run.State == RunState.Running ? run.SecondsLeft : null;
        if ((told ?? otherwise) is not { } seconds || !double.IsFinite(seconds)) return null;
        var left = TimeSpan.FromSeconds(seconds);
        return (told is null || IsHardlyBegun(run)) && left > TimeSpan.FromMinutes(1) ? DisplayText.Between(left * Least, left * Most) : DisplayText.Left(left);
    }

    private static bool IsHardlyBegun(Run run)
    {
        var from = run.FromStep ?? 0;
        return run.Stage != RunStages.Evaluating && run.Step - from < KnownAfter * (run.Hyperparameters.Steps - from);
    }
}
