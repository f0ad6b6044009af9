using System.Text.RegularExpressions;
using static System.FormattableString;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class CostTasksTests
{
    [Fact]
    public void CrossEntropy_TakesTheLossOfTheLogitsShown()
    {
        var sheets = Of("cross-entropy");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var shown = NumbersIn(Regex.Match(sheet.Ask, @"<code>\[(.+?)\]</code>").Groups[1].Value);
            var truth = Evaluated.Labels[ImageOf(sheet)];
            var share = Math.Exp(shown[truth]) / (Math.Exp(shown[0]) + Math.Exp(shown[1]));
            answers.Add([Invariant($"{-Math.Log(share):0.000}")]);

            Assert.Equal(Evaluated.Logits[2 * ImageOf(sheet)], shown[0], 0.006);
            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts(Invariant($"{Math.Log(share):0.000}")), "A loss is not negative.");
            Assert.False(sheet.Accepts(Invariant($"{-Math.Log10(share):0.000}")));
            if (Math.Abs(share - 0.5) > 0.02) Assert.False(sheet.Accepts(Invariant($"{-Math.Log(1 - share):0.000}")), "That is the loss of the other label.");
        }
        DifferByStudent(sheets, answers);
    }

    [Fact]
    public void ChooseCost_TakesOneOfFive_WhichStandsElsewhereForOthers()
    {
        var sheets = Of("choose-cost");
        HashSet<string> places = [];
        foreach (var sheet in sheets)
        {
            var options = sheet.Fields.Single().Options!;
            var right = options.Single(option => option.Title == "softmax_cross_entropy(labels, logits)");
            places.Add(right.Value);

            Assert.Equal(5, options.Count);
            Assert.True(sheet.Accepts(right.Value));
            Assert.All(options.Where(option => option != right), option => Assert.False(sheet.Accepts(option.Value)));
            Assert.False(sheet.Accepts(""));
        }
        Assert.True(places.Count >= 3, $"The right cost stands only at {string.Join(", ", places)}.");
    }

    [Fact]
    public void ChooseCost_WrongOne_SaysWhatItGivesOnTheImages()
    {
        // All fifteen images are in the batch.
        var sheet = Of("choose-cost")[0];
        var all = Enumerable.Range(0, Images).ToList();
        var wrong = all.Average(image => Argmax(image) == Evaluated.Labels[image] ? 0.0 : 1);
        var twice = all.Average(image => -Math.Log(Math.Exp(Evaluated.Probabilities[2 * image + Evaluated.Labels[image]]) / (Math.Exp(Evaluated.Probabilities[2 * image]) + Math.Exp(Evaluated.Probabilities[2 * image + 1]))));

        Assert.Contains(Invariant($"it gives {wrong:0.00}."), Chosen("mean(argmax(logits) != argmax(labels))"), StringComparison.Ordinal);
        Assert.Contains(Invariant($"it gives {twice:0.00}."), Chosen("softmax_cross_entropy(labels, softmax(logits))"), StringComparison.Ordinal);

        string Chosen(string code) => sheet.Check([sheet.Fields[0].Options!.Single(option => option.Title == code).Value]).Says;
    }

    [Fact]
    public void Prediction_TakesTheLargerLogits_AndTheirAccuracy()
    {
        var sheets = Of("prediction");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            int[] images = [.. NumbersIn(sheet.About).TakeLast(5).Select(image => (int)image)];
            var accuracy = Invariant($"{images.Count(image => Argmax(image) == Evaluated.Labels[image]) / 5.0:0.0}");
            answers.Add([string.Join(' ', images.Select(Argmax)), accuracy]);

            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts(string.Join(' ', images.Select(image => 1 - Argmax(image))), accuracy));
            Assert.False(sheet.Accepts(answers[^1][0], accuracy == "0.2" ? "0.4" : "0.2"));
            Assert.All((string[])["0 0 0 0 0", "1 1 1 1 1"], same => Assert.False(sheet.Accepts(same, accuracy)));
        }
        DifferByStudent(sheets, answers);
    }

    [Fact]
    public void RestoredModel_TakesItsProbabilityAndCheckpoint()
    {
        var sheets = Of("restored-model");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            double has = Evaluated.Probabilities[2 * ImageOf(sheet) + 1];
            answers.Add([Invariant($"{has:0.00}"), $"{Step}"]);

            Assert.True(sheet.Accepts(answers[^1]));
            Assert.True(sheet.Accepts(Invariant($"{100 * has:0} %"), $"{Step}"));
            Assert.False(sheet.Accepts(Invariant($"{1 - has:0.00}"), $"{Step}"));
            Assert.False(sheet.Accepts(answers[^1][0], "800"));
            Assert.False(sheet.Accepts(answers[^1][0], ""));
        }
        DifferByStudent(sheets, answers);
    }
}
