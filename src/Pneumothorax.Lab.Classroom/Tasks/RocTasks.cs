using System.Globalization;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about rates and the area under the curve.</summary>
public static class RocTasks
{
    private static readonly CultureInfo s_plain = CultureInfo.InvariantCulture;

    public static ModelTask Rates { get; } = new("rates", "Two rates from four cells", (dice, model) =>
    {
        var images = OfBothClasses(model);
        var threshold = Threshold(dice, images);
        var cells = images.At(threshold);
        double sensitivity = cells.Sensitivity ?? 0, falseRate = 1 - cells.Specificity ?? 0, precision = cells.Ppv ?? -1;
        return new()
        {
            About = string.Create(s_plain, $"{model.Name}, threshold {threshold:0.###}"),
            Ask = string.Create(s_plain,
                $"<p>At a threshold of {threshold:0.###} the current model, {model.Name}, sorts its {images.Count:#,##0} test images like this. What are its sensitivity and its false-positive rate there?</p>" +
                $"<table class=\"facts\"><thead><tr><th>Truth</th><th class=\"number\">called HAS</th><th class=\"number\">called clear</th></tr></thead><tbody><tr><th>HAS it</th><td class=\"number\">{cells.TruePositives}</td><td class=\"number\">{cells.FalseNegatives}</td></tr><tr><th>does not</th><td class=\"number\">{cells.FalsePositives}</td><td class=\"number\">{cells.TrueNegatives}</td></tr></tbody></table>"),
            Fields = [new("Sensitivity", Example: "0.12"), new("False-positive rate", Example: "0.12")],
            Check = typed => (Typed.Number(typed[0]), Typed.Number(typed[1])) switch
            {
                (null, _) or (_, null) => Verdict.Miss("Two numbers are needed, such as 0.12 or 12 %."),
                var (a, b) when Typed.IsNear(a.Value, sensitivity) && Typed.IsNear(b.Value, falseRate) => Verdict.Right,
                var (a, b) when Typed.IsNear(a.Value, falseRate) && Typed.IsNear(b.Value, sensitivity) => Verdict.Miss("The two have changed places."),
                var (a, b) when Typed.IsNear(a.Value, sensitivity) && Typed.IsNear(b.Value, 1 - falseRate) => Verdict.Miss("The sensitivity is right. The second is the specificity; the false-positive rate is 1 − specificity."),
                var (a, _) when Typed.IsNear(a.Value, precision) => Verdict.Miss("The first is how often a HAS is right. Sensitivity is the share of those who HAVE it that is found."),
                var (a, _) when Typed.IsNear(a.Value, sensitivity) => Verdict.Miss("The sensitivity is right. The false-positive rate uses only the second row."),
                var (_, b) when Typed.IsNear(b.Value, falseRate) => Verdict.Miss("The false-positive rate is right. Sensitivity uses only the first row."),
                _ => Verdict.Miss(""),
            },
            Hint = "Each rate stays within one row. Of those who HAVE it, which share is called HAS? Of those who do not, which share is wrongly called HAS?",
            Answer = string.Create(s_plain, $"Sensitivity {sensitivity:0.000}, false-positive rate {falseRate:0.000}."),
            Explanation = string.Create(s_plain,
                $"<p>Sensitivity: {cells.TruePositives} of {cells.Positives} who HAVE it are found, {cells.TruePositives} / {cells.Positives} = {sensitivity:0.000}. False-positive rate: {cells.FalsePositives} of {cells.Negatives} who do not are called HAS, {cells.FalsePositives} / {cells.Negatives} = {falseRate:0.000}.</p>"),
        };
    });

    /// <summary>Student cell: false- and true-positive rates and their area.</summary>
    public static ModelTask Area { get; } = new("area", "The area by trapezoids", (dice, model) =>
    {
        OfBothClasses(model);
        var points = FivePoints(dice, model.Evaluation);
        var strips = points.Zip(points.Skip(1), (a, b) => (Width: b.X - a.X, Height: (a.Y + b.Y) / 2)).ToList();
        var right = strips.Sum(strip => strip.Width * strip.Height);
        double left = points.Zip(points.Skip(1), (a, b) => (b.X - a.X) * a.Y).Sum(), upper = points.Zip(points.Skip(1), (a, b) => (b.X - a.X) * b.Y).Sum();
        var head = string.Concat(points.Select(point => string.Create(s_plain, $"<td class=\"number\">{point.X:0.00}</td>")));
        var body = string.Concat(points.Select(point => string.Create(s_plain, $"<td class=\"number\">{point.Y:0.00}</td>")));
        return new()
        {
            About = string.Create(s_plain, $"{model.Name}, through {string.Join(" ", points.Skip(1).SkipLast(1).Select(point => string.Create(s_plain, $"({point.X:0.00}, {point.Y:0.00})")))}"),
            Ask = $"<p>These are five points of the ROC curve of {model.Name}, on its test images. Join them with straight lines. What is the area below?</p>" +
                $"<table class=\"facts\"><tbody><tr><th>False-positive rate</th>{head}</tr><tr><th>True-positive rate</th>{body}</tr></tbody></table>",
            Fields = [new("Area", Example: "0.123")],
            Check = typed => Typed.Number(typed[0]) switch
            {
                null => Verdict.Miss("A number is needed, such as 0.12."),
                { } number when Math.Abs(number - right) <= Typed.Rounding => Verdict.Right,
                { } number when Math.Abs(number - (1 - right)) <= Typed.Rounding => Verdict.Miss("That is the area above the curve."),
                { } number when Math.Abs(number - left) <= Typed.Rounding || Math.Abs(number - upper) <= Typed.Rounding => Verdict.Miss("Those are steps. A trapezoid takes the mean of its two heights."),
                { } number when Math.Abs(number - (right - 0.5)) <= Typed.Rounding => Verdict.Miss("That is the area above the diagonal; the whole area reaches down to 0."),
                _ => Verdict.Miss(""),
            },
            Hint = "There is a trapezoid between each pair of neighbouring points: its width is the difference of their false-positive rates, its height the mean of their true-positive rates. Add up the four.",
            Answer = string.Create(s_plain, $"{right:0.000}"),
            Explanation = string.Create(s_plain,
                $"<p>{string.Join(" + ", strips.Select(strip => string.Create(s_plain, $"{strip.Width:0.00} × {strip.Height:0.000}")))} = {right:0.000}. Through all points of the curve the area is {model.Evaluation.Auroc.Value:0.000}: with few points, the corners are cut off.</p>"),
        };
    });

    /// <exception cref="InvalidDataException">All test images are of one class: one of the two rates counts nobody.</exception>
    private static ScoredImages OfBothClasses(GuideModel model) => ScoredImages.Test(model.Evaluation) is { HasBothClasses: true } images
        ? images
        : throw new InvalidDataException($"the test images of {model.Name} are all of one class, so one of the two rates is undefined.");

    /// <returns>A round threshold with something in each of the four cells, where there is one.</returns>
    private static double Threshold(Dice dice, ScoredImages images)
    {
        var scores = images.Scores.ToArray();
        var useful = scores.Distinct().Where(score => images.At(score) is { TruePositives: > 0, FalsePositives: > 0, TrueNegatives: > 0, FalseNegatives: > 0 }).Order().ToList();
        var telling = useful.Where(score => TellApart(images.At(images.RoundThreshold(score)))).ToList();
        return images.RoundThreshold(dice.One<double>(telling.Count > 0 ? telling : useful.Count > 0 ? useful : scores));
    }

    /// <summary>No two of the rates that are mistaken for each other are equal: then a wrong answer would pass, or a right one be corrected.</summary>
    private static bool TellApart(ConfusionMatrix cells)
    {
        double?[] rates = [cells.Sensitivity, 1 - cells.Specificity, cells.Specificity, cells.Ppv];
        return rates.All(rate => rate is not null) && rates.Index().All(one => rates.Skip(one.Index + 1).All(other => Math.Abs(one.Item!.Value - other!.Value) > 0.03));
    }

    /// <returns>The two ends and three points between, rounded as they are shown.</returns>
    private static IReadOnlyList<(double X, double Y)> FivePoints(Dice dice, RunEvaluation evaluation)
    {
        var roc = evaluation.Roc;
        var inner = Enumerable.Range(1, 3).Select(part =>
        {
            // One from each quarter around 1/4, 1/2 and 3/4 of the way.
            var at = (int)(roc.Count * (part * 2 - 1) / 8.0) + dice.Below(Math.Max(1, roc.Count / 4));
            return roc[Math.Clamp(at, 1, roc.Count - 1)];
        });
        return [(0, 0), .. inner.Select(point => (Math.Round(point.FalsePositiveRate, 2), Math.Round(point.TruePositiveRate, 2))), (1, 1)];
    }
}
