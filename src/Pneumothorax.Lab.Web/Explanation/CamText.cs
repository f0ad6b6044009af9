using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>Maps and classes in words.</summary>
public static class CamText
{
    /// <returns>A value of a map: "8.4", "0.31", "−12", "0.0042".</returns>
    public static string Value(double value) => Signed(Math.Abs(value) switch
    {
        >= 10 => FormattableString.Invariant($"{value:0}"),
        >= 1 => FormattableString.Invariant($"{value:0.0}"),
        > 0 and < 0.01 => FormattableString.Invariant($"{value:0.0000}"),
        _ => FormattableString.Invariant($"{value:0.00}"),
    });

    /// <returns>"7.2 at row 9, column 12".</returns>
    public static string Place(CamReading reading) => $"{Value(reading.Highest)} at row {reading.Row}, column {reading.Column}";

    /// <returns>The law of the map with this image's numbers: "2.102 + 0.208 = 2.310".</returns>
    /// <remarks>With as many decimals, from three on, as it takes for the rounded numbers to add up: readers recompute it.</remarks>
    public static string Equation(CamReading reading)
    {
        var decimals = Enumerable.Range(3, 4).FirstOrDefault(Adds, 3);
        return $"{Exact(reading.Mean, decimals)} {(reading.Bias < 0 ? "\u2212" : "+")} {Exact(Math.Abs(reading.Bias), decimals)} = {Exact(reading.Logit, decimals)}";

        bool Adds(int digits) => Rounded(reading.Mean, digits) + Rounded(reading.Bias, digits) == Rounded(reading.Logit, digits);
        static decimal Rounded(double value, int digits) => Math.Round((decimal)value, digits, MidpointRounding.AwayFromZero);
    }

    /// <returns>What <see cref="Equation"/> is, before and after its numbers: "Mean plus bias" and "the logit".</returns>
    public static (string Label, string Sum) Law(MapTarget target) =>
        target == MapTarget.Difference ? ("Mean plus difference of biases", "the log-odds") : ("Mean plus bias", "the logit");

    /// <returns>What a map is evidence for.</returns>
    public static string For(MapTarget target) => target switch
    {
        MapTarget.Pneumothorax => "HAS",
        MapTarget.NoPneumothorax => "DOES NOT have",
        _ => "HAS rather than DOES NOT have",
    };

    /// <returns>The map itself: a single class's, or the difference of both.</returns>
    public static string Title(MapTarget target) => target == MapTarget.Difference ? "Difference map" : "Class activation map";

    /// <returns>The map in a sentence: "the difference map", "the map of HAS".</returns>
    public static string Named(MapTarget target) => target == MapTarget.Difference ? "the difference map" : $"the map of {For(target)}";

    /// <returns>What a map shows, short enough for the strip below a film.</returns>
    public static string Brief(MapTarget target) => target == MapTarget.Difference ? "HAS minus DOES NOT" : For(target);

    /// <summary>What a reader can choose, the reason of the verdict first.</summary>
    public static IReadOnlyList<SegmentOption<MapTarget>> Targets { get; } =
    [
        new(MapTarget.Difference, "Difference", "The map of HAS minus the map of DOES NOT have: what decides the prediction"),
        new(MapTarget.Pneumothorax, "HAS", "The map of class 1 alone"),
        new(MapTarget.NoPneumothorax, "DOES NOT have", "The map of class 0 alone"),
    ];

    /// <returns>What the dial goes through: "of 400 test images", "of 12 missed".</returns>
    public static string Of(ImageSelection selection, Outcome? shown, bool keptOnly = false) => shown switch
    {
        null when keptOnly => $"of {Figures.Count(selection.Indices.Count, "image with feature maps", "images with feature maps")}",
        null => $"of {Figures.Count(selection.Indices.Count, "test image", "test images")}",
        { } outcome when keptOnly => FormattableString.Invariant($"of {selection.Indices.Count:#,##0} {outcome.Title().ToLowerInvariant()}, with feature maps"),
        { } outcome => FormattableString.Invariant($"of {selection.Indices.Count:#,##0} {outcome.Title().ToLowerInvariant()}"),
    };

    private static string Exact(double value, int decimals) =>
        Signed(Math.Round((decimal)value, decimals, MidpointRounding.AwayFromZero).ToString($"F{decimals}", System.Globalization.CultureInfo.InvariantCulture));

    /// <returns>What the choice of a class means for a method.</returns>
    public static string Lesson(IExplanationMethod method, MapTarget target) => (method, target) switch
    {
        (EigenCam, _) => "Eigen-CAM does not depend on the class, so this choice does not change its map.",
        (ClassActivationMap, MapTarget.Difference) => "The map of HAS minus that of DOES NOT have. The difference of the two logits decides, so this map explains the prediction.",
        (_, MapTarget.Difference) => "It explains the difference of the two logits, which decides the prediction.",
        _ => "One class alone, as in the exercise. The prediction also depends on the other class.",
    };

    // A hyphen is shorter than a digit; the minus sign is not.
    private static string Signed(string number) => number.Replace('-', '\u2212');
}
