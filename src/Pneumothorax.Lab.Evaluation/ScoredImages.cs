using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>The images of one split with what a model said about each: everything that depends on a threshold is counted from here.</summary>
public sealed class ScoredImages
{
    private readonly byte[] _labels;
    private readonly double[] _scores;

    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Probability of pneumothorax, 0..1; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public ScoredImages(byte[] labels, double[] scores) : this(labels, scores, RankedScores.Of(labels, scores)) { }

    private ScoredImages(byte[] labels, double[] scores, RankedScores ranked) => (_labels, _scores, Ranked) = (labels, scores, ranked);

    public static ScoredImages Test(RunEvaluation evaluation) => new(evaluation.File.Labels, evaluation.Scores, evaluation.Ranked);

    /// <returns>No images where the data set has no validation split.</returns>
    public static ScoredImages Validation(RunEvaluation evaluation) => new(evaluation.File.ValidationLabels, evaluation.ValidationScores, evaluation.ValidationRanked);

    /// <summary>The same in the order of the scores.</summary>
    public RankedScores Ranked { get; }

    public ReadOnlySpan<byte> Labels => _labels;

    public ReadOnlySpan<double> Scores => _scores;

    public int Count => _labels.Length;

    /// <summary>Images that HAVE a pneumothorax.</summary>
    public int Positives => Ranked.Positives;

    public int Negatives => Ranked.Negatives;

    public bool HasBothClasses => Ranked.HasBothClasses;

    /// <summary>Share of images that HAVE it, 0..1; 0 without images.</summary>
    public double Prevalence => Count == 0 ? 0 : (double)Positives / Count;

    /// <summary>Accuracy of whoever gives every image the commoner answer.</summary>
    public double BaselineAccuracy => Math.Max(Prevalence, 1 - Prevalence);

    public bool Has(int index) => _labels[index] == 1;

    public Outcome OutcomeOf(int index, double threshold) => Outcomes.Of(Has(index), _scores[index], threshold);

    public ConfusionMatrix At(double threshold) => Ranked.At(threshold);

    /// <returns>Indices with this outcome at this threshold, in file order; all of them for null.</returns>
    public IReadOnlyList<int> Images(Outcome? outcome, double threshold) =>
        [.. Enumerable.Range(0, Count).Where(index => outcome is null || OutcomeOf(index, threshold) == outcome)];

    /// <param name="outcome">Null for all.</param>
    /// <param name="among">Only these; null for all.</param>
    public ImageSelection Select(Outcome? outcome, double threshold, IEnumerable<int>? among = null) => new(
        among is null ? Images(outcome, threshold) : [.. among.Where(index => outcome is null || OutcomeOf(index, threshold) == outcome).Order()]);

    /// <summary>
    /// One hundredth further, or as far as it takes to change the answer about an image, so that a step always does something
    /// while there is something to do.
    /// </summary>
    /// <returns>A threshold between 0 and 1.</returns>
    public double Next(double threshold, bool up)
    {
        var hundredth = Math.Clamp(Math.Round(threshold + (up ? 0.01 : -0.01), 2), 0, 1);
        int called = Ranked.Called(threshold), then = Ranked.Called(hundredth);
        if (called != then) return hundredth;

        var target = up ? called - 1 : called + 1;
        return target < 0 || target > Ranked.Scores.Length || (target == 0 && Ranked.Scores[0] >= 1)
            ? hundredth
            : Roundest(target, nearBelow: up);
    }

    /// <returns>
    /// The shortest decimal number that calls HAS exactly the images which score at or above the given one of the images' scores:
    /// 0.358 rather than 0.3587421.
    /// </returns>
    public double RoundThreshold(double score) => Roundest(Ranked.Called(score), nearBelow: false);

    /// <param name="called">How many of the distinct scores are to be called HAS.</param>
    /// <param name="nearBelow">Closest to the highest score below rather than to the lowest one that is called.</param>
    private double Roundest(int called, bool nearBelow)
    {
        var scores = Ranked.Scores;
        var above = called == scores.Length ? double.NegativeInfinity : scores[called];
        var upTo = called == 0 ? 1 : scores[called - 1];
        for (var digits = 2; digits <= 15; digits++)
        {
            var scale = Math.Pow(10, digits);
            var rounded = (nearBelow && called < scores.Length ? Math.Floor(above * scale) + 1 : Math.Floor(upTo * scale)) / scale;
            if (rounded > above && rounded <= upTo) return rounded;
        }
        return upTo;
    }
}
