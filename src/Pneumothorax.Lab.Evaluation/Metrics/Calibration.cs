namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>The images whose probability lies in one tenth of the scale.</summary>
/// <param name="From">Lower edge, itself not in the bin (but in the first one).</param>
/// <param name="To">Upper edge, in the bin.</param>
/// <param name="MeanProbability">What the model said of them on average.</param>
/// <param name="Count">At least 1.</param>
/// <param name="Positives">How many of them are positive.</param>
public readonly record struct CalibrationBin(double From, double To, double MeanProbability, int Count, int Positives)
{
    /// <summary>Share of them that is positive, 0..1.</summary>
    public double Share => (double)Positives / Count;
}

/// <summary>
/// Whether a probability means what it says: of the images given about 0.7, are 7 in 10 positive? In ten bins of equal width, the usual
/// ones: they ask the same question of every model, while bins of equal count would move with its scores. A thin bin has a wide interval.
/// </summary>
/// <param name="Bins">From the lowest; bins without images are left out.</param>
/// <param name="ExpectedError">Expected calibration error, 0..1: mean over the images of how far their bin's share lies from its mean
/// probability; null without images. Defined with one class, too.</param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, double? ExpectedError)
{
    public const int MostBins = 10;

    /// <summary>Bins and shares equal scikit-learn's <c>calibration_curve(strategy="uniform", n_bins=10)</c>. In O(n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="probabilities">Of pneumothorax, 0..1; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a probability is outside 0..1.</exception>
    public static Calibration Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> probabilities)
    {
        LabelledScores.CheckProbabilities(labels, probabilities);
        var sums = new double[MostBins];
        int[] counts = new int[MostBins], positives = new int[MostBins];
        for (var i = 0; i < labels.Length; i++)
        {
            // An edge belongs to the bin below it. The product can round to the wrong side of an edge, so the edges have the last word.
            var bin = Math.Clamp((int)Math.Ceiling(probabilities[i] * MostBins) - 1, 0, MostBins - 1);
            if (bin > 0 && probabilities[i] <= Edge(bin)) bin--;
            else if (bin < MostBins - 1 && probabilities[i] > Edge(bin + 1)) bin++;
            sums[bin] += probabilities[i];
            counts[bin]++;
            positives[bin] += labels[i];
        }

        List<CalibrationBin> bins = [];
        var error = 0.0;
        for (var bin = 0; bin < MostBins; bin++)
        {
            if (counts[bin] == 0) continue;
            bins.Add(new(Edge(bin), Edge(bin + 1), sums[bin] / counts[bin], counts[bin], positives[bin]));
            error += Math.Abs(sums[bin] - positives[bin]);
        }
        return new(bins, labels.IsEmpty ? null : error / labels.Length);
    }

    private static double Edge(int bin) => (double)bin / MostBins;
}
