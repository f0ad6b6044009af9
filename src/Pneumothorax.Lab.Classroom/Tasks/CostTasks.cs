using System.Globalization;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Evaluation;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about logits, probabilities, the loss and the prediction.</summary>
public static class CostTasks
{
    private const int BatchSize = 15;
    private static readonly CultureInfo s_plain = CultureInfo.InvariantCulture;

    public static ModelTask CrossEntropy { get; } = new("cross-entropy", "Compute one loss by hand", (dice, model) =>
    {
        var file = model.Evaluation.File;
        // Neither certain nor hopeless: the number shall be worth computing.
        // Nor may the loss be near what a usual mistake gives: at a probability of 0.57, the loss is 0.57 as well.
        var image = OneOf(dice, file, index =>
        {
            var (loss, opposite) = (Loss(Logits(file, index), file.Labels[index]), Loss(Logits(file, index), (byte)(1 - file.Labels[index])));
            return loss is > 0.1 and < 3 && Math.Abs(loss - Math.Exp(-loss)) > 0.05 && Math.Abs(loss - opposite) > 0.05;
        });
        var label = file.Labels[image];
        // What is shown is what counts: the rounded logits.
        var (s0, s1) = (Math.Round(Logits(file, image).No, 2), Math.Round(Logits(file, image).Yes, 2));
        double right = Loss((s0, s1), label), other = Loss((s0, s1), (byte)(1 - label)), share = Math.Exp(-right);
        return new()
        {
            About = model.About(image),
            Ask = string.Create(s_plain, $"<p>For {Test(model, image)} the model’s logits are <code>[{s0:0.00}, {s1:0.00}]</code>. Its label is <code>{(label == 1 ? "[0, 1]" : "[1, 0]")}</code>. What is the softmax cross-entropy of this one image?</p>"),
            Fields = [new("Loss, in nats", Example: "0.123")],
            Check = typed => Typed.Number(typed[0]) switch
            {
                null => Verdict.Miss("A number is needed, such as 0.12."),
                { } number when Typed.IsNear(number, right) => Verdict.Right,
                { } number when Typed.IsNear(number, other) => Verdict.Miss("That is the loss for the other label."),
                { } number when Typed.IsNear(number, share) => Verdict.Miss("That is the probability of the true class. The loss is its negative logarithm."),
                { } number when Typed.IsNear(-number, right) => Verdict.Miss("The size is right. A loss is not negative."),
                { } number when Typed.IsNear(number, right / Math.Log(10)) || Typed.IsNear(number, right / Math.Log(2)) => Verdict.Miss("Take the natural logarithm, ln."),
                _ => Verdict.Miss(""),
            },
            Hint = "First compute the probability of the true class: e to the power of its logit, divided by the sum of both powers. Then take the negative natural logarithm.",
            Answer = string.Create(s_plain, $"{right:0.000}"),
            Explanation = string.Create(s_plain,
                $"<p>The true class is column {label}. Its probability is e<sup>{(label == 1 ? s1 : s0):0.00}</sup> / (e<sup>{s0:0.00}</sup> + e<sup>{s1:0.00}</sup>) = {share:0.000}, and −ln {share:0.000} = {right:0.000}. The 1 of the label selects this term; the 0 removes the other.</p>"),
        };
    });

    /// <summary>Student cell: define the cost.</summary>
    public static ModelTask ChooseCost { get; } = new("choose-cost", "Choose the cost", (dice, model) =>
    {
        var file = model.Evaluation.File;
        var costs = CostsOf(file, TellingBatch(dice, file));
        var loss = costs[0].Gives;
        var shown = dice.Shuffled(costs);
        return new()
        {
            About = $"{model.Name}, {BatchSize} test images",
            Ask = $"<p>Which of these is the cost that training minimises? Pay attention to its inputs. Each was computed on {BatchSize} of the test images with the current model, {model.Name}; you will see the value of the one you choose.</p>",
            Fields = [new("The cost", [.. shown.Select((cost, place) => new TaskOption(((char)('A' + place)).ToString(), cost.Code, IsCode: true))])],
            Check = typed =>
            {
                if (typed[0].Length != 1 || typed[0][0] - 'A' is var place && (uint)place >= (uint)shown.Count) return Verdict.Miss("Choose one of the five.");
                var chosen = shown[typed[0][0] - 'A'];
                return chosen.Key == "right" ? Verdict.Right : Verdict.Miss(string.Create(s_plain, $"On these images it gives {chosen.Gives:0.00}. {chosen.Why}."));
            },
            Hint = "It compares the labels with the network’s raw outputs, it has a slope everywhere, and it already includes the softmax.",
            Answer = string.Create(s_plain, $"softmax_cross_entropy(labels, logits): {loss:0.00} on these images."),
            Explanation = string.Create(s_plain,
                $"<p>Softmax cross-entropy takes the one-hot <b>labels</b> and the <b>logits</b>, and computes the softmax itself. So it can work with differences of logits and never takes the logarithm of a probability that was rounded to 0. On these images it is {loss:0.00}.</p>"),
        };
    });

    /// <summary>Student cell: the prediction is the argmax of the logits. With the accuracy that follows.</summary>
    public static ModelTask Prediction { get; } = new("prediction", "From logits to predictions", (dice, model) =>
    {
        var file = model.Evaluation.File;
        var images = FiveOfBothAnswers(dice, file);
        int[] right = [.. images.Select(index => Predicts(file, index))];
        var correct = images.Count(index => Predicts(file, index) == file.Labels[index]);
        var rows = string.Concat(images.Select(index => string.Create(s_plain,
            $"<tr><td>Test image {index}</td><td class=\"number\">{Logits(file, index).No:0.000}</td><td class=\"number\">{Logits(file, index).Yes:0.000}</td><td>{(file.Labels[index] == 1 ? "[0, 1]" : "[1, 0]")}</td></tr>")));
        return new()
        {
            About = $"{model.Name}, test images {string.Join(", ", images)}",
            Ask = "<p>Here are the logits and labels of five test images. What does the network predict for each, 0 or 1, from top to bottom? And how accurate is it on these five?</p>" +
                $"<table class=\"facts\"><thead><tr><th>Image</th><th class=\"number\">Logit 0</th><th class=\"number\">Logit 1</th><th>Label</th></tr></thead><tbody>{rows}</tbody></table>",
            Fields = [new("Predictions", Example: "0 0 0 0 0"), new("Accuracy", Example: "0.5")],
            Check = typed =>
            {
                var digits = typed[0].Where(letter => letter is '0' or '1').Select(letter => letter - '0').ToList();
                if (digits.Count != images.Count) return Verdict.Miss("Five digits are needed, each 0 or 1.");
                for (var i = 0; i < images.Count; i++)
                {
                    if (digits[i] != right[i]) return Verdict.Miss($"Look at image {images[i]} again: which of its two logits is larger?");
                }
                return Typed.Number(typed[1]) switch
                {
                    null => Verdict.Miss("The predictions are right. The accuracy is a number such as 0.5 or 50 %."),
                    { } accuracy when Typed.IsNear(accuracy, correct / 5.0) => Verdict.Right,
                    { } accuracy when Typed.IsNear(accuracy, correct) => Verdict.Miss($"The predictions are right, and {correct} of them are correct. As a share of five?"),
                    _ => Verdict.Miss("The predictions are right. How many of the five equal their label?"),
                };
            },
            Hint = "The prediction is the class with the larger logit: argmax over the two columns, counted from 0.",
            Answer = string.Create(s_plain, $"{string.Join(' ', right)}; accuracy {correct / 5.0:0.0}."),
            Explanation = string.Create(s_plain, $"<p>Row by row, the larger logit is in column {string.Join(", ", right)}. {correct} of these 5 equal the position of the 1 in the label, so the accuracy is {correct / 5.0:0.0}. Softmax does not change which logit is larger, so you do not need to compute it.</p>"),
        };
    });

    /// <summary>Reads one number off the model that was restored: whoever can has it at work.</summary>
    public static ModelTask RestoredModel { get; } = new("restored-model", "Use the restored model", (dice, model) =>
    {
        var file = model.Evaluation.File;
        var image = OneOf(dice, file, index => Math.Abs(Share(file, index, 1) - 0.5) > 0.02);
        double right = Share(file, image, 1), other = Share(file, image, 0);
        return new()
        {
            About = model.About(image),
            Ask = $"<p>The current model of your guide is {model.Name}. Open its page “Where did it look?” and go to test image {image}. Which probability of HAS does it give, and which step is its checkpoint from?</p>",
            Fields = [new("Probability of HAS", Example: "0.12"), new("Step of the checkpoint")],
            Check = typed => (Typed.Number(typed[0]), Typed.Whole(typed[1])) switch
            {
                (null, _) => Verdict.Miss("The probability is a number from 0 to 1, or a percentage."),
                var (p, step) when Math.Abs(p.Value - right) <= 0.0061 && step == file.Info.CheckpointStep => Verdict.Right,
                var (p, _) when Math.Abs(p.Value - right) <= 0.0061 => Verdict.Miss("The probability is right. The run’s facts show which checkpoint was evaluated: the best one, which is not always the last."),
                var (p, _) when Math.Abs(p.Value - other) <= 0.0061 => Verdict.Miss("That is the probability of the other class."),
                _ => Verdict.Miss($"That is not what {model.Name} says about test image {image}."),
            },
            Hint = "On the page “Where did it look?” of this run, set INDEX to the image: the model’s answer is beside the title. The evaluation shows the step.",
            Answer = string.Create(s_plain, $"{right:0.00}, from step {file.Info.CheckpointStep}."),
            Explanation = string.Create(s_plain, $"<p><a href=\"{model.ExplanationOf(image)}\">Here is the page.</a> For test image {image} the model says {right:0.00}. The weights are those of step {file.Info.CheckpointStep}, which had the highest area on the validation images.</p>"),
        };
    });

    /// <summary>What one might take for the cost, and what it gives on a batch; the right one first.</summary>
    private static (string Key, string Code, double Gives, string Why)[] CostsOf(EvaluationFile file, IReadOnlyList<int> batch)
    {
        double Mean(Func<int, double> cost) => batch.Average(cost);
        return
        [
            ("right", "softmax_cross_entropy(labels, logits)", Mean(index => Loss(Logits(file, index), file.Labels[index])), ""),
            ("twice", "softmax_cross_entropy(labels, softmax(logits))", Mean(index => Loss((Share(file, index, 0), Share(file, index, 1)), file.Labels[index])),
                "Softmax is applied twice: probabilities are between 0 and 1, so the result never gets near 0, however good the network is"),
            ("argmax", "softmax_cross_entropy(labels, argmax(logits))", Mean(index => Loss(Predicts(file, index) == 1 ? (0, 1) : (1, 0), file.Labels[index])),
                "The argmax discards how sure the network is, and has no slope to follow"),
            ("rate", "mean(argmax(logits) != argmax(labels))", Mean(index => Predicts(file, index) == file.Labels[index] ? 0 : 1),
                "That is 1 minus the accuracy: it does not change at all when a weight is changed a little"),
            ("swapped", "softmax_cross_entropy(logits, labels)", Mean(index => -(Logits(file, index).No * Math.Log(file.Labels[index] == 0 ? 0.731 : 0.269) + Logits(file, index).Yes * Math.Log(file.Labels[index] == 1 ? 0.731 : 0.269))),
                "Labels and logits have changed places: the label is used as the network’s answer, and minimising this drives the logits to minus infinity"),
        ];
    }

    /// <summary>Of some drawn batches, the one on which the right cost differs most from the nearest wrong one: equal numbers would teach nothing.</summary>
    private static IReadOnlyList<int> TellingBatch(Dice dice, EvaluationFile file)
    {
        const int drawn = 40;
        return Enumerable.Range(0, drawn)
            .Select(_ => Batch())
            .MaxBy(batch =>
            {
                var costs = CostsOf(file, batch);
                return costs.Skip(1).Min(cost => Math.Abs(cost.Gives - costs[0].Gives));
            })!;

        IReadOnlyList<int> Batch()
        {
            if (file.Count <= BatchSize) return [.. Enumerable.Range(0, file.Count)];
            HashSet<int> images = [];
            while (images.Count < BatchSize) images.Add(dice.Below(file.Count));
            return [.. images];
        }
    }

    private static string Test(GuideModel model, int image) => $"<a href=\"{model.ExplanationOf(image)}\">test image {image}</a>";

    private static (double No, double Yes) Logits(EvaluationFile file, int index) => (file.Logits[2 * index], file.Logits[2 * index + 1]);

    private static double Share(EvaluationFile file, int index, int cls) => file.Probabilities[2 * index + cls];

    private static int Predicts(EvaluationFile file, int index) => file.Logits[2 * index + 1] > file.Logits[2 * index] ? 1 : 0;

    private static double Loss((double No, double Yes) logits, byte label)
    {
        // The larger one taken out first: no power overflows.
        var (true_, false_) = label == 1 ? (logits.Yes, logits.No) : (logits.No, logits.Yes);
        var difference = false_ - true_;
        return Math.Max(difference, 0) + Math.Log(1 + Math.Exp(-Math.Abs(difference)));
    }

    private static int OneOf(Dice dice, EvaluationFile file, Func<int, bool> fits)
    {
        var all = Enumerable.Range(0, file.Count).ToList();
        var fitting = all.Where(fits).ToList();
        return dice.One(fitting.Count > 0 ? fitting : all);
    }

    /// <summary>Both predictions among them, where the model makes both.</summary>
    private static IReadOnlyList<int> FiveOfBothAnswers(Dice dice, EvaluationFile file)
    {
        var all = dice.Shuffled(Enumerable.Range(0, file.Count));
        var yes = all.Where(index => Predicts(file, index) == 1).Take(2 + dice.Below(2)).ToList();
        var no = all.Where(index => Predicts(file, index) == 0).Take(5 - yes.Count).ToList();
        return dice.Shuffled(yes.Concat(no).Concat(all.Except(yes).Except(no)).Take(5));
    }
}
