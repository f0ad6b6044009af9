using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Tests.Evaluation;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

public sealed class CamReadingTests
{
    [Fact]
    public void Of_AMap_FindsItsHighestPlaceAndObeysTheLaw()
    {
        var reading = CamReading.Of(SampleEvaluations.Of().File, 8, 1);

        Assert.Equal((8, 1, 2), (reading.Highest, reading.Row, reading.Column));
        Assert.Equal(reading.Logit, reading.Mean + reading.Bias, 5);
        Assert.Equal("0.500 \u2212 0.500 = 0.000", CamText.Equation(reading));
        Assert.Equal("8.0 at row 1, column 2", CamText.Place(reading));
    }

    [Fact]
    public void Score_PointingHit_IsAboutTheMiddleOfTheCell()
    {
        // Four cells of 64 pixels: row 1, column 2 has its middle at x 160, y 96.
        var reading = CamReading.Of(SampleEvaluations.Of().File, 8, 1);

        Assert.True(reading.Score(new(128, 64, 192, 128), new PixelBox(150, 90, 20, 10)).Hit);
        Assert.False(reading.Score(new(128, 64, 192, 128), new PixelBox(165, 90, 20, 10)).Hit);
    }

    [Fact]
    public void Of_NothingPositive_HasNoEvidence()
    {
        var reading = CamReading.Of(SampleEvaluations.Of(cam: (_, _, _) => -1).File, 3, 1);

        Assert.False(reading.HasEvidence);
        Assert.Equal(-1, reading.Highest);
    }

    [Fact]
    public void Faintest_OfAllMaps_IsTheOneThatReachesLeastHighAboveZero()
    {
        Assert.Equal(1, SampleEvaluations.Of().Peaks.Faintest(1));                       // image 0 reaches 0: no evidence at all
        Assert.Null(SampleEvaluations.Of(cam: (_, _, _) => -1).Peaks.Faintest(1));
    }
}
