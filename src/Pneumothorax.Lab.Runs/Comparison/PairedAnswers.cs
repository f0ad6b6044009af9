using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>Whether one run's answers are right more often than another's, in words.</summary>
public static class PairedAnswers
{
    /// <param name="against">One of the runs that <paramref name="images"/> compares, as <paramref name="run"/> is.</param>
    /// <returns>"At their own thresholds, B alone is right on 31 images and A alone on 12: B is right more often (exact McNemar test, p = 0.005)."</returns>
    public static string Of(Disagreements images, ComparedRun against, ComparedRun run, bool atHalf)
    {
        var counts = PairedAnswerCounts.Of(images.Labels, images.CallsOf(against), images.CallsOf(run));
        var where = atHalf ? "At a probability of 0.5" : "Each at its own threshold";
        if (counts.OnlyFirst + counts.OnlySecond == 0) return $"{where}, {run.Letter} and {against.Letter} are right about the same images.";

        var p = McNemar.ExactP(counts.OnlyFirst, counts.OnlySecond);
        var verdict = p >= PairedAreas.Significant ? "no evidence that either is right more often"
            : $"{(counts.OnlySecond > counts.OnlyFirst ? run : against).Letter} is right more often";
        return $"{where}, {run.Letter} alone is right on {DisplayText.Count(counts.OnlySecond, "image")} and {against.Letter} alone on {DisplayText.Number(counts.OnlyFirst)}: {verdict} (exact McNemar test, {PairedAreas.Chance(p)}).";
    }
}
