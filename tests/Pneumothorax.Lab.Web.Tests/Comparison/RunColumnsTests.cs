using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Tests.Comparison;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class RunColumnsTests
{
    private static readonly RunColumn s_rates = new("learningRate", "Learning rate", [new("0.05", 0.05), new("0.0005", 0.0005), new("0.002", 0.002)]);
    private static readonly RunColumn s_flip = new("flip", "Flip", [new("On"), new("Off"), new("On")]);
    private static readonly RunColumn s_momentum = new("momentum", "Momentum", [RunCell.None, new("0.9", 0.9), new("0.5", 0.5)], Better.Higher);

    [Theory]
    [InlineData("", "0,1,2")]
    [InlineData("learningRate", "1,2,0")]
    [InlineData("-learningRate", "0,2,1")]
    [InlineData("flip", "1,0,2")]
    [InlineData("momentum", "2,1,0")]
    [InlineData("-momentum", "1,2,0")]
    [InlineData("nothing", "0,1,2")]
    public void Order_PutsWhatHasNothingLast(string sort, string order) =>
        Assert.Equal(order, string.Join(',', RunColumns.Order([s_rates, s_flip, s_momentum], 3, sort)));

    [Fact]
    public void Best_IsMarkedWhereThereIsAChoice()
    {
        Assert.Equal([false, true, false], new[] { 0, 1, 2 }.Select(s_momentum.IsBest));
        Assert.DoesNotContain(true, new[] { 0, 1, 2 }.Select(s_rates.IsBest));
        Assert.False(new RunColumn("x", "X", [new("1", 1), new("1", 1)], Better.Higher).IsBest(0));
    }

    [Fact]
    public void Results_OfDifferentImages_CallNobodyBest()
    {
        List<ComparedRun> alike = [SampleRuns.Of(0), SampleRuns.Of(1, scores: SampleRuns.Reversed)], apart = [alike[0], SampleRuns.Of(1, scores: SampleRuns.Reversed, dataHash: "another")];

        Assert.True(Auroc(alike).IsBest(0));
        Assert.False(Auroc(apart).IsBest(0));

        static RunColumn Auroc(List<ComparedRun> runs) => RunColumns.Results(runs).Single(column => column.Key == RunColumns.Auroc);
    }

    [Fact]
    public void Results_LossThatRanAway_IsShort()
    {
        var run = SampleRuns.Of(0);
        run.Curves.Add([new(40, SeriesNames.ValidationLoss, 5_716_748_326_059_580_000_000_000_000.0)]);

        Assert.Equal("5.7e+27", RunColumns.Results([run]).Single(column => column.Key == "loss").Cells[0].Text);
    }

    [Fact]
    public void Settings_AreTheDifferingOnes_AsNumbersWhereTheyAre()
    {
        List<ComparedRun> runs = [SampleRuns.Of(0), SampleRuns.Of(1, hyperparameters: new() { LearningRate = 0.002, Flip = true })];
        var columns = RunColumns.Settings(runs, ComparedSettings.Of([.. runs.Select(run => run.Run.Settings)]));

        Assert.Equal(["learningRate", "flip"], columns.Select(column => column.Key));
        Assert.Equal([0.05, 0.002], columns[0].Cells.Select(cell => cell.Number));
        Assert.False(columns[1].IsNumeric);
    }

    [Fact]
    public void Axis_OfAWideRange_IsLogarithmic()
    {
        var axis = new ParallelAxis(s_rates);

        Assert.True(axis.IsLogarithmic);
        Assert.Equal([1, 0, 0.30], s_rates.Cells.Select(cell => Math.Round(axis.PlaceOf(cell)!.Value, 2)));
        Assert.Equal("learningRate:0.0005~0.005", axis.BrushOf(0, 0.5)!.ToString());
    }

    [Fact]
    public void Axis_OfWords_BrushesWords_AndLeavesGaps()
    {
        var axis = new ParallelAxis(s_flip);

        Assert.Equal(["Off", "On"], axis.Words);
        Assert.Equal("flip:On", axis.BrushOf(0.8, 1.1)!.ToString());
        Assert.Null(axis.BrushOf(0.4, 0.6));
        Assert.Null(new ParallelAxis(s_momentum).PlaceOf(RunCell.None));
    }

    [Fact]
    public void Brushes_KeepTheRunsThatPassAll()
    {
        var brushes = RunBrushes.Parse("learningRate:0.001~1;flip:On|Maybe;rubbish;:3");

        Assert.Equal("learningRate:0.001~1;flip:On|Maybe", brushes.ToString());
        Assert.Equal([true, false, true], new[] { 0, 1, 2 }.Select(run => brushes.Pass([s_rates, s_flip], run)));
        Assert.Equal("flip:On|Maybe", brushes.Without("learningRate").ToString());
        Assert.True(RunBrushes.Parse("gone:1~2").Pass([s_rates], 0));
    }

    [Theory]
    [InlineData("runs=3,1,2")]
    [InlineData("runs=3,1&keep=learningRate:0.001~0.01&sort=-auroc&series=train/loss&x=time&log=xy&smooth=0&against=1&at=half&show=right-2&class=0&scale=own&index=7")]
    public void Address_ReadsBackWhatItWrote(string query)
    {
        var parts = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query);

        Assert.Equal($"/compare?{query}", ComparisonUrlState.Parse(name => parts.TryGetValue(name, out var value) ? (string?)value : null).ToString());
    }

    [Fact]
    public void Address_ThatMeansNothing_IsTheUsualView()
    {
        var address = ComparisonUrlState.Parse(name => name == "runs" ? "1,x,2" : "rubbish");

        Assert.Equal(new ComparisonUrlState { Runs = "1,2", Sort = "rubbish", Show = "rubbish" }, address);
    }

    [Fact]
    public void Csv_HasEverySettingAndEveryDigit()
    {
        var lines = CompareCsv.Lines([SampleRuns.Of(0), SampleRuns.Of(1, evaluated: false)]).ToList();

        Assert.StartsWith("run,name,dataset,network,learningRate,", lines[0]);
        Assert.Contains(",auroc,aurocLow,aurocHigh,", lines[0]);
        Assert.StartsWith("11,Run 11,sample,lite,0.05,", lines[1]);
        Assert.Contains(",0.9166666666666666,", lines[1]);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(letter => letter == ','), line.Count(letter => letter == ',')));
    }
}
