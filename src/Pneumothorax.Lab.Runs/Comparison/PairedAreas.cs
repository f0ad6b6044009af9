using System.Globalization;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>Whether one run's area under the ROC curve is larger than another's, in words.</summary>
/// <param name="Verdict">One short sentence: "No evidence that B is better than A."</param>
/// <param name="Grounds">The numbers behind it, or why there are none.</param>
public sealed record PairedAreas(ComparedRun Against, ComparedRun Run, string Verdict, string Grounds)
{
    public const double Significant = 0.05;

    /// <summary>Chance of such a difference were the areas equal; null where there is no test.</summary>
    public double? P { get; init; }

    /// <param name="against">Evaluated.</param>
    /// <param name="run">Evaluated; it is the one that is called better or worse.</param>
    public static PairedAreas Of(ComparedRun against, ComparedRun run)
    {
        RunEvaluation first = against.Evaluation!, second = run.Evaluation!;
        if (against.TestImages != run.TestImages || !first.File.Labels.AsSpan().SequenceEqual(second.File.Labels))
        {
            return new(against, run, $"{run.Letter} and {against.Letter} cannot be paired.",
                "They were tested on different images, so a difference may come from the images rather than from the runs.");
        }
        var found = PairedDeLong.Of(first.Placements, second.Placements);
        var (verdict, grounds) = InWords(against, run, found);
        return new(against, run, verdict, grounds) { P = found.P };
    }

    private static (string Verdict, string Grounds) InWords(ComparedRun against, ComparedRun run, AurocDifference found)
    {
        if (found.Difference is not { } difference) return ("There is no area to compare.", "The test images are all of one class.");

        var images = run.Evaluation!.File.Count;
        var size = Math.Abs(difference) < 0.0005
            ? "The two areas are equal to three digits"
            : $"Its area is {(difference > 0 ? "larger" : "smaller")} by {Text(Math.Abs(difference))}";
        if (found is not { Low: { } low, High: { } high, P: { } p })
        {
            if (Math.Min(run.Evaluation.Positives, images - run.Evaluation.Positives) < 2)
                return ($"Too few images to tell {run.Letter} from {against.Letter}.", $"{size}, but one class has a single test image, so there is no interval.");

            return difference == 0
                ? ($"{run.Letter} and {against.Letter} rank the images equally well.", "Their areas are equal, and there is nothing to test.")
                : ($"{run.Letter} and {against.Letter} cannot be tested.", $"{size}, by the same amount at every image: without any spread there is no interval.");
        }

        var grounds = $"{size}, 95 % interval {Text(low)} to {Text(high)} (paired DeLong test on {DisplayText.Count(images, "image")}, {Chance(p)}).";
        var which = difference > 0 ? "better" : "worse";
        if (p < Significant) return ($"{run.Letter} is {which} than {against.Letter}.", grounds + Together(against, run));

        var verdict = Math.Abs(difference) < 0.0005 ? $"No evidence that {run.Letter} and {against.Letter} differ." : $"No evidence that {run.Letter} is {which} than {against.Letter}.";
        return (verdict, $"{grounds} More test images would narrow the interval.");
    }

    private static string Together(ComparedRun against, ComparedRun run)
    {
        var changed = ComparedSettings.Of([against.Run.Settings, run.Run.Settings]).Count(setting => setting.Differs);
        return changed < 2 ? "" : $" {DisplayText.Leading(changed)} settings changed together, so this does not show which of them caused the difference.";
    }

    public static string Chance(double p) => p switch
    {
        < 0.001 => "p under 0.001",
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"p = {p:0.000}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"p = {p:0.00}"),
    };

    private static string Text(double value) => value.ToString("0.000;−0.000;0.000", CultureInfo.InvariantCulture);
}
