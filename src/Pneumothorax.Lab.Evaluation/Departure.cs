using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>How far test departs from what validation promised, in words.</summary>
public static class Departure
{
    /// <param name="promised">Of so many on validation.</param>
    /// <param name="kept">Of so many on test.</param>
    /// <returns>"4.1 points below what validation promised (12 below to 3 above): within the doubt." Null where either counts nobody.</returns>
    public static string? InWords((int Successes, int Total) promised, (int Successes, int Total) kept)
    {
        if (ShareDifference.Between(promised, kept) is not { } difference) return null;

        var verdict = difference.IsWithinDoubt
            ? "within the uncertainty"
            : difference.Difference < 0 ? "more than chance explains: the test images differ, or the threshold fits the validation images too well" : "more than chance explains: the test images are easier";
        var far = Math.Abs(difference.Difference) < 0.0005 ? "The same as on validation" : $"{Points(difference.Difference)} the result on validation";
        return $"{far} (95 % interval {Side(difference.Low)} to {Side(difference.High)}): {verdict}.";
    }

    private static string Points(double share) =>
        FormattableString.Invariant($"{100 * Math.Abs(share):0.0} points {(share < 0 ? "below" : "above")}");

    private static string Side(double share) =>
        Math.Abs(share) < 0.0005 ? "0" : FormattableString.Invariant($"{100 * Math.Abs(share):0.0} {(share < 0 ? "below" : "above")}");
}
