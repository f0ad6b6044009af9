namespace Pneumothorax.Lab.Runs.Results;

/// <summary>One line across the progress bar.</summary>
/// <param name="Share">Place on the bar, 0..1.</param>
/// <param name="Saved">Already on disk, else still to come.</param>
public sealed record CheckpointMark(int Step, double Share, bool Saved);

/// <summary>Which checkpoints the progress bar marks.</summary>
public static class CheckpointMarks
{
    /// <summary>Closer lines would run into each other.</summary>
    private const double LeastDistance = 1 / 60.0;

    /// <param name="saved">Steps on disk, oldest first.</param>
    /// <param name="every">Distance of those to come.</param>
    public static IReadOnlyList<CheckpointMark> Of(IReadOnlyList<int> saved, int step, int steps, int every)
    {
        var marks = new List<CheckpointMark>();
        foreach (var at in saved) Offer(at, true);
        var stride = Math.Max(every, (long)Math.Ceiling(steps * LeastDistance / every) * every);
        for (var at = (step / stride + 1) * stride; at < steps; at += stride) Offer((int)at, false);
        return marks;

        void Offer(int at, bool isSaved)
        {
            var share = (double)at / steps;
            if (at > 0 && at < steps && (marks.Count == 0 || share - marks[^1].Share >= LeastDistance)) marks.Add(new(at, share, isSaved));
        }
    }
}
