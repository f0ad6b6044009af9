using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>What another test set of a given size might have shown: AUROCs of images drawn again and again from the scores of this one.</summary>
public static class Resampling
{
    /// <param name="size">Images a draw, with replacement; a draw with one class only is drawn anew.</param>
    /// <returns>One area a draw, in the order of drawing; empty where the scores hold one class only.</returns>
    public static double[] Areas(IReadOnlyList<byte> labels, IReadOnlyList<double> scores, int size, int draws, int seed)
    {
        if (labels.Distinct().Count() < 2) return [];
        var random = new Random(seed);
        var areas = new double[draws];
        var (drawnLabels, drawnScores) = (new byte[size], new double[size]);
        for (var draw = 0; draw < draws;)
        {
            for (var i = 0; i < size; i++)
            {
                var from = random.Next(labels.Count);
                (drawnLabels[i], drawnScores[i]) = (labels[from], scores[from]);
            }
            if (Auroc.Compute(drawnLabels, drawnScores).Value is { } area) areas[draw++] = area;
        }
        return areas;
    }

    /// <returns>Between which two values the middle 95 of 100 lie.</returns>
    public static (double Low, double High) Middle95(IReadOnlyList<double> areas)
    {
        var sorted = areas.Order().ToArray();
        return (sorted[(int)(0.025 * sorted.Length)], sorted[Math.Min(sorted.Length - 1, (int)(0.975 * sorted.Length))]);
    }
}
