using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Tests.Guide.Figures;

public sealed class CamSumTests
{
    private const int Channels = 12;
    private const int Side = 4;
    private static readonly EvaluationFile s_file = Sample();

    [Theory]
    [InlineData(0, MapTarget.NoPneumothorax)]
    [InlineData(0, MapTarget.Pneumothorax)]
    [InlineData(2, MapTarget.Pneumothorax)]
    [InlineData(2, MapTarget.Difference)]
    public void AllParts_AddUpToTheStoredMapAndLogit(int index, MapTarget target)
    {
        var sum = new CamSum(s_file, index, target);
        var map = sum.After(sum.Parts);

        Assert.Equal(9, sum.Parts);
        for (var i = 0; i < map.Length; i++) Assert.Equal(s_file.MapOf(index, target)[i], map[i], 4);
        Assert.Equal(sum.Logit, CamSum.MeanOf(map) + sum.Bias, 4);
        Assert.Equal(sum.Logit, sum.Strongest.Sum(term => term.Adds) + sum.RestAdds + sum.Bias, 4);
    }

    [Fact]
    public void Parts_AreOrderedByWhatTheyAdd_WhateverTheSign()
    {
        var sum = new CamSum(s_file, 2, MapTarget.Pneumothorax);
        var sizes = sum.Strongest.Select(term => Math.Abs(term.Adds)).ToList();

        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.Contains(sum.Strongest, term => term.Adds < 0);
        var first = sum.Strongest[0];
        Assert.Equal(sum.Map(first.Channel).Select(value => value * first.Weight), sum.After(1), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void ImageWithoutFeatures_IsRefused() =>
        Assert.Contains("no feature maps of image 1", Assert.Throws<ArgumentException>(() => new CamSum(s_file, 1, MapTarget.Difference)).Message, StringComparison.Ordinal);

    /// <summary>Three images, the features of two kept; maps and logits follow from features and weights.</summary>
    private static EvaluationFile Sample()
    {
        var random = new Random(7);
        float[] Draw(int count, float from) => [.. Enumerable.Range(0, count).Select(_ => from + random.NextSingle())];
        var (features, weight, bias) = (Draw(3 * Channels * Side * Side, 0), Draw(2 * Channels, -0.5f), new[] { 0.1f, -0.2f });
        var (cam, logits) = (new float[3 * 2 * Side * Side], new float[6]);
        for (var row = 0; row < 6; row++)
        {
            var map = cam.AsSpan(row * Side * Side, Side * Side);
            for (var i = 0; i < map.Length; i++)
            {
                for (var k = 0; k < Channels; k++) map[i] += weight[row % 2 * Channels + k] * features[(row / 2 * Channels + k) * Side * Side + i];
            }
            logits[row] = map.ToArray().Average() + bias[row % 2];
        }
        var perImage = Channels * Side * Side;
        return new()
        {
            Info = new("Run 18", 650, "sample", "hash", "lite", "test", "test"),
            Labels = [0, 1, 1],
            Logits = logits,
            Probabilities = new double[6],
            MapSize = Side,
            Cam = cam,
            ClassifierWeight = weight,
            ClassifierBias = bias,
            FeatureIndex = [0, 2],
            Features = (float[])[.. features[..perImage], .. features[(2 * perImage)..]],
        };
    }
}
