using Pneumothorax.Lab.Datasets;


namespace Pneumothorax.Lab.Web.Tests.Dataset;

public sealed class ImageSelectionTests
{
    private static readonly ImageSelection s_positives = new([5, 18, 30, 44, 45, 90]);

    [Theory]
    [InlineData(19, 18, 30)]        // a step up goes on to the next that matches
    [InlineData(17, 18, 5)]         // a step down likewise
    [InlineData(46, 45, 90)]
    [InlineData(91, 90, 90)]        // past the end there is nothing
    [InlineData(60, 5, 45)]         // a jump ends at the nearest
    [InlineData(44, 5, 44)]
    [InlineData(0, 45, 5)]
    public void Settle_FilterLeavesImagesOut_EndsAtOneItLetsThrough(int wanted, int from, int expected) =>
        Assert.Equal(expected, s_positives.Settle(wanted, from));

    [Theory]
    [InlineData(18, -10, 5)]
    [InlineData(30, 1, 44)]
    [InlineData(45, 10, 90)]
    public void Move_KeysCountMatchingImages_AndStopAtTheEnds(int from, int places, int expected) => Assert.Equal(expected, s_positives.Move(from, places));

    /// <summary>The same on every page: PageUp goes on, as on a slider.</summary>
    [Theory]
    [InlineData("ArrowLeft", 18)]
    [InlineData("ArrowRight", 44)]
    [InlineData("PageUp", 90)]
    [InlineData("PageDown", 5)]
    [InlineData("Home", 5)]
    [InlineData("End", 90)]
    [InlineData("o", null)]
    public void Move_ByKey_LeadsWhereASliderWould(string key, int? expected) => Assert.Equal(expected, s_positives.Move(30, key));

    [Theory]
    [InlineData(24, 18)]            // the earlier of two
    [InlineData(25, 30)]
    [InlineData(44, 44)]
    [InlineData(-1, 5)]
    [InlineData(int.MaxValue, 90)]
    public void Nearest_ToAnImageThatIsLeftOut_IsOneOfTheSelection(int index, int expected) => Assert.Equal(expected, s_positives.Nearest(index));

    [Fact]
    public void Nearest_WhereNothingMatches_IsNone() => Assert.Null(new ImageSelection([]).Nearest(4));

    [Fact]
    public void Around_NearTheEnd_StillShowsAsManyAsItCan()
    {
        Assert.Equal([18, 30, 44, 45], s_positives.Around(90, 5).Take(4));
        Assert.Equal(5, s_positives.Around(5, 5).Count);
    }

    [Fact]
    public void Settle_NothingMatches_StaysWhereItIs() => Assert.Equal(7, new ImageSelection([]).Settle(12, 7));
}
