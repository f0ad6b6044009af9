using System.Globalization;
using System.Reflection;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

public sealed class CamReadingTests
{
    [Fact]
    public void Of_AMap_FindsItsHighestPlaceAndObeysTheLaw()
    {
        var reading = CamReading.Of(SampleEvaluations.Of().File, 8, MapTarget.Pneumothorax);

        Assert.Equal((8, 1, 2), (reading.Highest, reading.Row, reading.Column));
        Assert.Equal(reading.Logit, reading.Mean + reading.Bias, 5);
        Assert.Equal("0.500 \u2212 0.500 = 0.000", CamText.Equation(reading));
        Assert.Equal("8.0 at row 1, column 2", CamText.Place(reading));
    }

    [Fact]
    public void Of_TheDifferenceMap_AddsUpToTheLogOdds()
    {
        var file = SampleEvaluations.Of().File;

        var reading = CamReading.Of(file, 8, MapTarget.Difference);

        Assert.Equal((16, 1, 2), (reading.Highest, reading.Row, reading.Column));              // 8 for HAS, -8 for DOES NOT have
        Assert.Equal(file.Logits[17] - file.Logits[16], reading.Logit, 5);
        Assert.Equal(reading.Logit, reading.Mean + reading.Bias, 5);
        Assert.Equal("1.000 \u2212 0.750 = 0.250", CamText.Equation(reading));
    }

    /// <summary>Over every image of the model that comes with the lab: what is drawn is the reason of what is said.</summary>
    [Fact]
    public void DifferenceMap_OfTheReferenceRun_HasTheProbabilityForItsSum()
    {
        var folder = typeof(CamReadingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ReferenceModel").Value!;
        using var file = EvaluationFile.Read(Path.Combine(folder, "evaluation.h5"));
        var wrong = 0;
        for (var index = 0; index < file.Count; index++)
        {
            var reading = CamReading.Of(file, index, MapTarget.Difference);
            if (!AddsUp(CamText.Equation(reading))) wrong++;

            Assert.Equal(reading.Logit, reading.Mean + reading.Bias, 3);
            Assert.Equal(file.Probabilities[(index * 2) + 1], 1 / (1 + Math.Exp(-(reading.Mean + reading.Bias))), 4);
        }
        // Readers recompute the line: its rounded numbers add up but for a few.
        Assert.InRange(wrong, 0, file.Count / 50);
    }

    private static bool AddsUp(string equation)
    {
        var parts = equation.Replace('\u2212', '-').Split(' ');
        decimal Number(int place) => decimal.Parse(parts[place], CultureInfo.InvariantCulture);
        return Number(0) + (parts[1] == "-" ? -Number(2) : Number(2)) == Number(4);
    }

    [Fact]
    public void Score_PointingHit_IsAboutTheMiddleOfTheCell()
    {
        // Four cells of 64 pixels: row 1, column 2 has its middle at x 160, y 96.
        var reading = CamReading.Of(SampleEvaluations.Of().File, 8, MapTarget.Pneumothorax);

        Assert.True(reading.Score(new(128, 64, 192, 128), new PixelBox(150, 90, 20, 10)).Hit);
        Assert.False(reading.Score(new(128, 64, 192, 128), new PixelBox(165, 90, 20, 10)).Hit);
    }

    [Fact]
    public void Of_NothingPositive_HasNoEvidence()
    {
        var reading = CamReading.Of(SampleEvaluations.Of(cam: (_, _, _) => -1).File, 3, MapTarget.Pneumothorax);

        Assert.False(reading.HasEvidence);
        Assert.Equal(-1, reading.Highest);
    }

    [Fact]
    public void Faintest_OfAllMaps_IsTheOneThatReachesLeastHighAboveZero()
    {
        Assert.Equal(1, SampleEvaluations.Of().Peaks(MapTarget.Pneumothorax).Faintest());                       // image 0 reaches 0: no evidence at all
        Assert.Null(SampleEvaluations.Of(cam: (_, _, _) => -1).Peaks(MapTarget.Pneumothorax).Faintest());
    }
}
