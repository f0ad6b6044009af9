using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>How the scores of each class are spread: the share of the class in each of 25 equal steps of the probability.</summary>
/// <param name="Has">Shares of the images that HAVE it; all 0 where there are none.</param>
/// <param name="DoesNot">Shares of the images that DO NOT have it.</param>
public sealed record ScoreHistogram(IReadOnlyList<double> Has, IReadOnlyList<double> DoesNot)
{
    public const int Bins = 25;

    /// <summary>The highest bar of both classes; 0 without images.</summary>
    public double Most => Math.Max(Has.Max(), DoesNot.Max());

    /// <param name="from">Counts only the scores from here on; the shares are still of the whole class.</param>
    public static ScoreHistogram Of(ScoredImages images, double from = 0)
    {
        double[] has = new double[Bins], doesNot = new double[Bins];
        var above = Counted(images.Ranked, double.PositiveInfinity);
        for (var bin = Bins - 1; bin >= 0; bin--)
        {
            // The top bin has no upper edge, and the lowest no lower one.
            var here = Counted(images.Ranked, bin == 0 ? from : Math.Max(from, (double)bin / Bins));
            has[bin] = Share(here.Has - above.Has, images.Positives);
            doesNot[bin] = Share(here.DoesNot - above.DoesNot, images.Negatives);
            above = here;
        }
        return new(has, doesNot);
    }

    private static (int Has, int DoesNot) Counted(RankedScores ranked, double from)
    {
        var cells = ranked.At(from);
        return (cells.TruePositives, cells.FalsePositives);
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
