using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

public sealed class ImageSelectionTests
{
    private static readonly ScoredImages s_images = ScoredImages.Test(SampleEvaluations.Of());
    private static readonly ImageSelection s_clear = s_images.Select(Outcome.RightlyClear, 0.5);      // 0, 1, 2, 3

    [Fact]
    public void Step_BeyondTheEnds_Stays()
    {
        Assert.Equal(2, s_clear.Move(1, 1));
        Assert.Equal(3, s_clear.Move(3, 1));
        Assert.Equal(0, s_clear.Move(1, -10));
    }

    [Fact]
    public void Nearest_ToAnImageOfAnotherOutcome_IsOneOfTheSelection()
    {
        Assert.Equal(3, s_clear.Nearest(9));
        Assert.Equal(4, s_images.Select(Outcome.Missed, 0.5).Nearest(0));
        Assert.Equal(9, s_images.Select(null, 0.5).Nearest(int.MaxValue));
    }

    [Fact]
    public void Of_NoImageWithThatOutcome_IsEmpty()
    {
        var none = s_images.Select(Outcome.Missed, 0);

        Assert.True(none.IsEmpty);
        Assert.Null(none.Nearest(4));
    }

    [Fact]
    public void Around_AnImage_HoldsItAndItsNeighbours()
    {
        var all = s_images.Select(null, 0.5);

        Assert.Equal([3, 4, 5, 6, 7, 8], all.Around(5, 6));
        Assert.Equal([0, 1, 2, 3, 4, 5], all.Around(0, 6));
        Assert.Equal([4, 5, 6, 7, 8, 9], all.Around(9, 6));
        Assert.Equal([0, 1, 2, 3], s_clear.Around(2, 6));
    }
}
