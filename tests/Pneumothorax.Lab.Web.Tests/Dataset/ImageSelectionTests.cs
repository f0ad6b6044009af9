using Pneumothorax.Lab.Web.Dataset;
using Pneumothorax.Lab.Web.Shared.Controls;

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

    [Fact]
    public void Around_NearTheEnd_StillShowsAsManyAsItCan()
    {
        Assert.Equal([18, 30, 44, 45], s_positives.Around(90, 5).Take(4));
        Assert.Equal(5, s_positives.Around(5, 5).Count);
    }

    [Fact]
    public void Settle_NothingMatches_StaysWhereItIs() => Assert.Equal(7, new ImageSelection([]).Settle(12, 7));
}
