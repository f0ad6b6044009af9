namespace Pneumothorax.Lab.Web.Shared.Charts;

/// <summary>Tells growth from change, so that a live chart is appended to where that is enough.</summary>
public static class ChartDeltas
{
    /// <returns>The points that <paramref name="next"/> has beyond what is drawn; null when it must be drawn anew.</returns>
    public static IReadOnlyList<ChartDelta>? Between(ChartSpec drawn, ChartSpec next)
    {
        if (!SameFrame(drawn, next) || drawn.Series.Count != next.Series.Count) return null;

        var deltas = new List<ChartDelta>();
        foreach (var (old, now) in drawn.Series.Zip(next.Series))
        {
            if (!IsContinued(old, now)) return null;
            if (now.X.Count == old.X.Count) continue;
            deltas.Add(new(now.Key)
            {
                X = Rest(now.X),
                Y = Rest(now.Y),
                Low = now.Low is null ? null : Rest(now.Low),
                High = now.High is null ? null : Rest(now.High),
            });

            List<double> Rest(IReadOnlyList<double> values) => [.. values.Skip(old.X.Count)];
        }
        return deltas;
    }

    private static bool SameFrame(ChartSpec drawn, ChartSpec next) =>
        drawn.References.SequenceEqual(next.References) && drawn.Marks.SequenceEqual(next.Marks) && drawn.Notes.SequenceEqual(next.Notes)
        && drawn with { Series = [], References = [], Marks = [], Notes = [] } == next with { Series = [], References = [], Marks = [], Notes = [] };

    // A longer list that agrees in the last old point agrees in all of them: points of a run are never changed, only cut.
    private static bool IsContinued(ChartSeries old, ChartSeries now) =>
        Bare(old) == Bare(now) && now.X.Count >= old.X.Count && old.Low is null == now.Low is null
        && (old.X.Count == 0 || (now.X[old.X.Count - 1] == old.X[^1] && now.Y[old.X.Count - 1].Equals(old.Y[^1])));

    private static ChartSeries Bare(ChartSeries series) => series with { X = [], Y = [], Low = null, High = null, Extra = null };
}
