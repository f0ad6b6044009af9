using System.Globalization;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about class activation maps, on the feature maps and weights that the run kept.</summary>
public static class CamTasks
{
    private static readonly CultureInfo s_plain = CultureInfo.InvariantCulture;

    /// <summary>Student cell: compute_cam. Written as an Einstein sum, for arrays that lie differently for every student.</summary>
    public static ModelTask Sum { get; } = new("cam-sum", "Write the map as a sum", (dice, model) =>
    {
        var file = model.Evaluation.File;
        if (file.FeatureIndex.Length == 0) return NoFeatures(model);
        var image = dice.One(Telling(model));
        var arrays = CamArrays.Of(file, image, channelsLast: dice.Below(2) == 1, classesLast: dice.Below(2) == 1, weightsFirst: dice.Below(2) == 1);
        var operands = arrays.Operands;
        return new()
        {
            About = $"{model.About(image)}; {string.Join(", ", operands.Select(operand => $"{operand.Name} {operand.ShapeText}"))}",
            Ask = $"<p>These are the real arrays of {model.About(image)}: <code>{operands[0].Name}</code> of {operands[0].ShapeText} and <code>{operands[1].Name}</code> of {operands[1].ShapeText}, in this order. " +
                $"Write the class activation maps of both classes as an Einstein sum: a letter for every axis of {operands[0].Name}, a comma, the letters of {operands[1].Name}, then <code>-&gt;</code> and the axes that remain.</p>",
            Pictures = [XRay(model, image), Difference(model, image, file.MapOf(image, MapTarget.Difference), "The maps to find", "class 1 minus class 0")],
            Fields = [new("Expression", Example: "ab,bc->ac", IsCode: true)],
            Check = typed => arrays.Check(typed[0], values => Difference(model, image, values, "Your maps", "class 1 minus class 0")),
            Hint = "The map of a class sums feature map times weight over the channels. So the letter of the channels appears in both arrays but not after the arrow. The letters of the rows, the columns and the classes do appear there.",
            Answer = arrays.Solution,
            Explanation = $"<p><code>{arrays.Solution.Replace(">", "&gt;", StringComparison.Ordinal)}</code>. The letter k, the {file.MapChannels} channels, appears in both arrays and not in the result: that is the sum over k of w<sub>c,k</sub> f<sub>k</sub>(y, x). What remains is a map of {file.MapSize} × {file.MapSize} for each class c. Any other letters, and any order after the arrow, would work as well. The picture shows the map of class 1 minus that of class 0: this difference decides the prediction.</p>",
        };
    });

    /// <summary>Student cell: which index is pneumothorax.</summary>
    public static ModelTask ClassIndex { get; } = new("class-index", "Identify the maps", (dice, model) =>
    {
        var file = model.Evaluation.File;
        double Mean(int image, int cls)
        {
            var sum = 0.0;
            foreach (var value in file.CamOf(image, cls)) sum += value;
            return sum / (file.MapSize * file.MapSize);
        }
        // The means must tell the maps apart.
        var telling = Enumerable.Range(0, file.Count).Where(index => Math.Abs(Mean(index, 0) - Mean(index, 1)) > 0.02).ToList();
        var image = telling.Count > 0 ? dice.One(telling) : dice.Below(file.Count);
        var swapped = dice.Below(2) == 1;
        int[] classes = swapped ? [1, 0] : [0, 1];
        var letter = swapped ? "A" : "B";
        string Number(double value) => value.ToString("0.000", s_plain).Replace('-', '−');
        return new()
        {
            About = $"{model.About(image)}, A is class {classes[0]}",
            Ask = $"<p>Two maps were computed for test image {image}, one with each column of the weights, but it was not noted which map belongs to which class. The mean of map A is {Number(Mean(image, classes[0]))}, that of map B {Number(Mean(image, classes[1]))}. " +
                $"The biases are <code>[{Number(file.ClassifierBias[0])}, {Number(file.ClassifierBias[1])}]</code> and the logits <code>[{Number(file.Logits[2 * image])}, {Number(file.Logits[2 * image + 1])}]</code>. Which map is the evidence for pneumothorax, what is its class index, and what is the sum of its mean and its bias?</p>",
            Pictures = [XRay(model, image), Picture(model, file.CamOf(image, classes[0]), "Map A", "own scale"), Picture(model, file.CamOf(image, classes[1]), "Map B", "own scale")],
            Fields = [new("The evidence for pneumothorax", [new("A", "Map A"), new("B", "Map B")]), new("Its class index"), new("Its mean plus its bias")],
            Check = typed => (typed[0], Typed.Whole(typed[1]), Typed.Number(typed[2])) switch
            {
                ("", _, _) => Verdict.Miss("Choose a map."),
                (_, null, _) => Verdict.Miss("The class index is a whole number, counted from 0."),
                (_, _, null) => Verdict.Miss("Add the mean of the map you chose and the bias of its class: a number with two or three decimals."),
                var (map, index, sum) when map == letter && index == 1 => Typed.IsNear(sum.Value, file.Logits[2 * image + 1])
                    ? Verdict.Right
                    : Verdict.Miss("Map and index are right. Add its mean and the bias with that index: which of the two logits should come out?"),
                var (map, _, _) when map == letter => Verdict.Miss("The map is right. Which column of the label means HAS?"),
                (_, 1, _) => Verdict.Miss("The index is right. Mean plus bias of a map is the logit of its class. Is that true for this one?"),
                _ => Verdict.Miss(""),
            },
            Hint = "The mean of a class’s map, plus the bias of that class, is the logit of that class. Columns are counted from 0, both in weights and in labels.",
            Answer = $"Map {letter}, class index 1, {Number(file.Logits[2 * image + 1])}.",
            Explanation = $"<p>Pneumothorax is column 1, as in the label [0, 1]. Map {letter}: {Number(Mean(image, 1))} + {Number(file.ClassifierBias[1])} = {Number(file.Logits[2 * image + 1])}, which is logit 1. The other: {Number(Mean(image, 0))} + {Number(file.ClassifierBias[0])} = {Number(file.Logits[2 * image])}, logit 0.</p>",
        };
    });

    /// <summary>Student cell: upsample the map to the size of the X-ray.</summary>
    public static ModelTask Upsampling { get; } = new("upsampling", "Enlarge the map", (dice, model) =>
    {
        var file = model.Evaluation.File;
        var image = dice.Below(file.Count);
        var map = file.MapOf(image, MapTarget.Difference);
        var shown = dice.Shuffled(InterpolationModes.All);
        var place = dice.Below(shown.Count);
        var (wanted, letter) = (Words(shown[place]), Letter(place));
        var factor = DatasetManifest.Side / file.MapSize;
        return new()
        {
            About = $"{model.About(image)}, {wanted} is {letter}",
            Ask = $"<p>The difference map of test image {image} has {file.MapSize} × {file.MapSize} values, the X-ray {DatasetManifest.Side} × {DatasetManifest.Side}. How many times must each side be enlarged? And which of these three was enlarged by the method called <b>{wanted}</b>?</p>",
            Pictures = [.. shown.Select((method, place) => Picture(model, map, $"Enlargement {Letter(place)}", FormattableString.Invariant($"{file.MapSize} × {file.MapSize} values"), method))],
            Fields = [new("Times"), new($"Made by the method {wanted}", [new("A", "A"), new("B", "B"), new("C", "C")])],
            Check = typed => (Typed.Whole(typed[0].TrimEnd('×', 'x', ' ')), typed[1]) switch
            {
                (null, _) => Verdict.Miss("The factor is a whole number."),
                (_, "") => Verdict.Miss("Choose one of the three."),
                var (times, chosen) when times == factor && chosen == letter => Verdict.Right,
                var (times, chosen) when times == factor => Verdict.Miss($"The factor is right. {chosen} was made by another method: look at the edges between cells."),
                (var times, _) when times == factor * factor => Verdict.Miss("That is how many pixels each value becomes. How many times longer is a side?"),
                (_, var chosen) when chosen == letter => Verdict.Miss("The picture is right. Divide one side by the other."),
                _ => Verdict.Miss(""),
            },
            Hint = "Nearest neighbour repeats each value, so you see squares. Bilinear connects the values by straight lines, with visible creases where they meet. Bicubic runs smoothly through the values and overshoots a little.",
            Answer = $"{factor} times; {letter}.",
            Explanation = $"<p>{DatasetManifest.Side} / {file.MapSize} = {factor}. {string.Join(", ", shown.Select((method, place) => $"{Letter(place)} is {Words(method)}"))}. The exercise, and this lab, enlarge bilinearly: values in between stay between their neighbours, and no new maximum appears.</p>",
        };

        static string Letter(int place) => ((char)('A' + place)).ToString();

        static string Words(InterpolationMode method) => method == InterpolationMode.Nearest ? "nearest neighbour" : method.Word();
    });

    private static TaskSheet NoFeatures(GuideModel model) => new()
    {
        About = model.Name,
        Ask = $"<p>The evaluation of {model.Name} contains no feature maps. Evaluate the run again, or restore another one.</p>",
        Fields = [],
        Check = _ => Verdict.Miss("There are no feature maps to compute with."),
        Hint = "",
        Answer = "",
        Explanation = "",
    };

    private static TaskPicture XRay(GuideModel model, int image) => model.Images is { Test: not null, Manifest: { } set }
        ? new($"Test image {image}", FormattableString.Invariant($"/api/datasets/{set.Name}/test/{image}.png"), $"X-ray, test image {image}.", set.Source, set)
        : new($"Test image {image}", "", "The X-ray is no longer here.", "not registered here");

    /// <summary>Images with feature maps whose difference map shows something on the common scale: a solved task is rewarded with a picture that is not black.</summary>
    private static List<int> Telling(GuideModel model)
    {
        const double least = 0.25;
        var (kept, peaks) = (model.Evaluation.File.FeatureIndex, model.Evaluation.Peaks(MapTarget.Difference));
        List<int> telling = [.. kept.Where(index => peaks.Highest(index) > least * peaks.Maximum)];
        return telling.Count > 0 ? telling : [kept.MaxBy(peaks.Highest)];
    }

    /// <summary>From 0 to the highest value of the stored map; where nothing in it speaks for a pneumothorax, from its own lowest to its own highest value.</summary>
    private static TaskPicture Difference(GuideModel model, int image, ReadOnlySpan<float> map, string title, string note) =>
        Picture(model, map, title, note, range: model.Evaluation.Peaks(MapTarget.Difference).Highest(image) is > 0 and var highest ? new(0, highest) : null);

    /// <param name="range">Null: from the lowest to the highest value of the picture.</param>
    private static TaskPicture Picture(GuideModel model, ReadOnlySpan<float> map, string title, string note, InterpolationMode method = InterpolationMode.Bilinear, MapRange? range = null)
    {
        var png = new MapRenderer(ColourMap.Inferno, range) { Interpolation = method }.Png(map, model.Evaluation.File.MapSize, DatasetManifest.Side);
        return new(title, "data:image/png;base64," + Convert.ToBase64String(png), $"{title}, in colours from dark to bright.", note);
    }
}
