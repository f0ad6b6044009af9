using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;

namespace Pneumothorax.Lab.Runs.Tests.Comparison;

public sealed class ComparedSettingsTests
{
    [Fact]
    public void Of_ThreeRuns_MarksWhatIsNotAsInTheFirst()
    {
        var first = new RunSettings("xray", "lite", new() { LearningRate = 0.05 });
        var other = first with { Hyperparameters = first.Hyperparameters with { LearningRate = 0.02 } };

        var settings = ComparedSettings.Of([first, other, first], name => name + "!");

        var differing = Assert.Single(settings, setting => setting.Differs);
        Assert.Equal("Learning rate", differing.Title);
        Assert.Equal(["0.05", "0.02", "0.05"], differing.Values);
        Assert.Equal([false, true, false], new[] { 0, 1, 2 }.Select(differing.IsMarked));
        Assert.Equal("xray!", settings[0].Values[1]);
    }

    [Theory]
    [InlineData("3,1, 2,3", "3,1,2")]
    [InlineData("x,-1,0,7", "7")]
    [InlineData(null, "")]
    [InlineData("1,2,3,4,5,6,7,8,9,10", "1,2,3,4,5,6,7,8,9,10")]
    public void Parse_KeepsEachNumberOnce(string? address, string ids) => Assert.Equal(ids, RunIds.Join(RunIds.Parse(address)));

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(52, "BA")]
    [InlineData(702, "AAA")]
    public void Letter_GoesOnAfterTheAlphabet(int index, string letter) => Assert.Equal(letter, RunIds.Letter(index));

    [Fact]
    public void Letter_NamesEveryRunDifferently() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(RunIds.Letter).Distinct().Count());
}
