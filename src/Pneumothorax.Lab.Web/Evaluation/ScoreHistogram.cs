namespace Pneumothorax.Lab.Web.Evaluation;

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
        int[] has = new int[Bins], doesNot = new int[Bins];
        for (var i = 0; i < images.Count; i++)
        {
            if (images.Scores[i] < from) continue;
            var bin = Math.Clamp((int)(images.Scores[i] * Bins), 0, Bins - 1);
            (images.Has(i) ? has : doesNot)[bin]++;
        }
        return new(Shares(has, images.Positives), Shares(doesNot, images.Negatives));
    }

    private static double[] Shares(int[] counts, int total) => [.. counts.Select(count => total == 0 ? 0 : (double)count / total)];
}
