using System.Text.Json;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Tests.Cam;

public sealed class ExplanationMethodTests
{
    private static readonly Reference[] s_cases =
        JsonSerializer.Deserialize<Reference[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cam", "explanations.json")), LabJson.Line)!;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Map_EveryMethod_AgreesWithPyTorchAndNumpy(int number)
    {
        var reference = s_cases[number];
        var block = reference.Block;

        AssertClose(reference.Cam0, new ClassActivationMap().Map(block, MapTarget.NoPneumothorax));
        AssertClose(reference.Cam1, new ClassActivationMap().Map(block, MapTarget.Pneumothorax));
        AssertClose(reference.CamDifference, new ClassActivationMap().Map(block, MapTarget.Difference));
        AssertClose(reference.GradCam0, new GradCam().Map(block, MapTarget.NoPneumothorax));
        AssertClose(reference.GradCam1, new GradCam().Map(block, MapTarget.Pneumothorax));
        AssertClose(reference.GradCamDifference, new GradCam().Map(block, MapTarget.Difference));
        AssertClose(reference.AblationCam0, new AblationCam().Map(block, MapTarget.NoPneumothorax));
        AssertClose(reference.AblationCam1, new AblationCam().Map(block, MapTarget.Pneumothorax));
        AssertClose(reference.AblationCamDifference, new AblationCam().Map(block, MapTarget.Difference));
        AssertClose(reference.EigenCam, new EigenCam().Map(block, MapTarget.Difference));
        Assert.Equal(reference.Logits[1], block.Logit(MapTarget.Pneumothorax), 1e-5);
        Assert.Equal(reference.Logits[1] - reference.Logits[0], block.Logit(MapTarget.Difference), 1e-5);
    }

    /// <summary>The law of the map that is shown: its mean and the difference of the biases are the log-odds of the verdict.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void DifferenceMap_MeanPlusDifferenceOfBiases_IsTheLogOdds(int number)
    {
        var reference = s_cases[number];
        var mean = new ClassActivationMap().Map(reference.Block, MapTarget.Difference).Average(value => (double)value);

        Assert.Equal(reference.Logits[1] - reference.Logits[0], mean + reference.Bias[1] - reference.Bias[0], 1e-5);
    }

    /// <summary>The lesson of the page: with pooling and one dense layer Grad-CAM is the CAM's positive part, up to a constant.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void GradCam_TimesTheNumberOfPlaces_IsThePositivePartOfTheCam(int number)
    {
        var block = s_cases[number].Block;
        foreach (var target in MapTargets.All)
        {
            var expected = new ClassActivationMap().Map(block, target).Select(value => (double)Math.Max(0, value)).ToArray();
            AssertClose(expected, [.. new GradCam().Map(block, target).Select(value => value * block.Places)]);
        }
    }

    [Fact]
    public void EigenCam_WhateverTheTarget_IsTheSameMap() =>
        Assert.All(MapTargets.All, target => Assert.Equal(new EigenCam().Map(s_cases[^1].Block, MapTarget.NoPneumothorax), new EigenCam().Map(s_cases[^1].Block, target)));

    [Fact]
    public void Parse_EveryWord_NamesOneTarget()
    {
        Assert.All(MapTargets.All, target => Assert.Equal(target, MapTargets.Parse(target.Word())));
        Assert.Null(MapTargets.Parse("2"));
    }

    [Fact]
    public void EigenCam_NothingFires_IsEmpty() => Assert.All(new EigenCam().Map(new(new float[12], 2, new float[6], [1, 2]), MapTarget.Pneumothorax), value => Assert.Equal(0, value));

    [Fact]
    public void Find_EveryWord_NamesOneMethod()
    {
        Assert.All(ExplanationMethods.All, method => Assert.Same(method, ExplanationMethods.Find(method.Word)));
        Assert.Null(ExplanationMethods.Find("saliency"));
    }

    /// <summary>To 1e-5 of the largest value.</summary>
    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = 1e-5 * Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }

    public sealed record Reference(
        int Side, float[] Features, float[] Weights, float[] Bias, double[] Logits, double[] Cam0, double[] Cam1, double[] GradCam0, double[] GradCam1,
        double[] AblationCam0, double[] AblationCam1, double[] EigenCam, double[] CamDifference, double[] GradCamDifference, double[] AblationCamDifference)
    {
        public LastBlock Block => new(Features, Side, Weights, Bias);
    }
}
