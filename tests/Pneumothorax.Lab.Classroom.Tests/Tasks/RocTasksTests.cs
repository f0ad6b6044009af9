using System.Text.RegularExpressions;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Evaluation.Tests;
using static System.FormattableString;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class RocTasksTests
{
    [Fact]
    public void Rates_TakesTheSharesOfTheIllAndOfTheHealthy()
    {
        var sheets = Of("rates");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var (falseRate, sensitivity) = RatesAt(NumbersIn(sheet.About)[^1]);
            string first = Invariant($"{sensitivity:0.000}"), second = Invariant($"{falseRate:0.000}");
            answers.Add([first, second]);

            Assert.True(sheet.Accepts(first, second));
            Assert.False(sheet.Accepts("1", second));
            Assert.False(sheet.Accepts(first, ""));
            if (Math.Abs(sensitivity - falseRate) > 0.02) Assert.False(sheet.Accepts(second, first));
            if (Math.Abs(falseRate - 0.5) > 0.02) Assert.False(sheet.Accepts(first, Invariant($"{1 - falseRate:0.000}")), "That is the specificity.");
        }
        DifferByStudent(sheets, answers);
    }

    [Fact]
    public void Area_TakesTheTrapezoids_ThroughPointsOfTheCurve()
    {
        var curve = Evaluated.Probabilities.Where((_, i) => i % 2 == 1).Append(2).Select(RatesAt).ToList();
        var sheets = Of("area");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            double[] cells = [.. Regex.Matches(sheet.Ask, @"<td class=""number"">(.+?)</td>").Select(cell => NumbersIn(cell.Groups[1].Value)[0])];
            Assert.Equal(10, cells.Length);
            var (x, y) = (cells[..5], cells[5..]);
            var area = Enumerable.Range(1, 4).Sum(i => (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2);
            answers.Add([Invariant($"{area:0.000}")]);

            for (var i = 0; i < 5; i++)
                Assert.Contains(curve, point => Math.Abs(point.False - x[i]) < 0.006 && Math.Abs(point.True - y[i]) < 0.006);
            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts(Invariant($"{1 - area:0.000}")));
            Assert.False(sheet.Accepts(Invariant($"{area + 0.02:0.000}")));
            Assert.False(sheet.Accepts("0.5"));
        }
        DifferByStudent(sheets, answers);
    }

    [Theory]
    [InlineData("rates")]
    [InlineData("area")]
    public void TestImagesOfOneClass_AreNoMatterForATask_AndItSaysSo(string task)
    {
        var healthy = Model with { Evaluation = SampleEvaluations.Of("0000000000") };

        var refusal = Assert.Throws<InvalidDataException>(() => ((ModelTask)LabTasks.Find(task)!).Put(new Dice(1, task), healthy));

        Assert.Contains("run 18 are all of one class", refusal.Message, StringComparison.Ordinal);
    }

    private static (double False, double True) RatesAt(double threshold)
    {
        double Share(byte label) => Enumerable.Range(0, Images).Where(image => Evaluated.Labels[image] == label).Average(image => Evaluated.Probabilities[2 * image + 1] >= threshold ? 1.0 : 0);
        return (Share(0), Share(1));
    }
}
