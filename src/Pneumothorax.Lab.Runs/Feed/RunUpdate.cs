using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>What happened to one run since the reader's last update.</summary>
/// <param name="Run">The run as it is now; a copy that nobody changes.</param>
/// <param name="Points">New points, in the order of <c>metrics.jsonl</c>.</param>
/// <param name="Log">New log lines.</param>
public sealed record RunUpdate(Run Run, IReadOnlyList<MetricPoint> Points, IReadOnlyList<string> Log)
{
    /// <summary>Set when an attempt started: points after this step which an earlier attempt wrote no longer count.
    /// <see cref="Points"/> came later.</summary>
    public int? FromStep { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>When the trainer said these points, by this host's <see cref="TimeProvider.GetTimestamp"/>; null where nothing is measured.</summary>
    internal long? SaidAt { get; init; }

    /// <summary>This update followed by a later one of the same run, as one.</summary>
    internal RunUpdate Then(RunUpdate later) => later with
    {
        Points = later.FromStep is { } from
            ? [.. Points.Where(point => point.Step <= from), .. later.Points]
            : [.. Points, .. later.Points],
        Log = [.. Log, .. later.Log],
        FromStep = (FromStep, later.FromStep) switch
        {
            ({ } first, { } second) => Math.Min(first, second),
            _ => FromStep ?? later.FromStep,
        },
    };
}
