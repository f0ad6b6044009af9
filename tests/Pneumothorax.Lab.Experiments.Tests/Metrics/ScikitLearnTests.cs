using System.Text.Json;
using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Metrics;

/// <summary>The same numbers as scikit-learn, on lists with ties, tiny classes and constant scores (tests/references/write_metrics.py).</summary>
public sealed class ScikitLearnTests
{
    private const double Close = 1e-12;

    private static readonly Reference[] s_references = JsonSerializer.Deserialize<Reference[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Metrics", "metrics.json")), LabJson.Line)!;

    public static TheoryData<string> Names => [.. s_references.Select(reference => reference.Name)];

    [Theory, MemberData(nameof(Names))]
    public void RocCurve_AnyList_HasScikitLearnsPoints(string name)
    {
        var reference = Find(name);
        var curve = RocCurve.Compute(reference.LabelBytes, reference.Scores);

        Assert.Equal(reference.Roc.Length, curve.Count);
        for (var i = 0; i < curve.Count; i++)
        {
            Assert.Equal(reference.Roc[i][0], curve[i].Threshold, Close);
            Assert.Equal(reference.Roc[i][1], curve[i].FalsePositiveRate, Close);
            Assert.Equal(reference.Roc[i][2], curve[i].TruePositiveRate, Close);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Auroc_AnyList_HasScikitLearnsAreaAndDeLongsInterval(string name)
    {
        var reference = Find(name);
        var auroc = Auroc.Compute(reference.LabelBytes, reference.Scores);

        Assert.Equal(reference.Auroc, auroc.Value!.Value, Close);
        Assert.Equal(reference.Interval is null, auroc.Low is null);
        if (reference.Interval is not { } interval) return;

        Assert.Equal(interval[0], auroc.Low!.Value, Close);
        Assert.Equal(interval[1], auroc.High!.Value, Close);
    }

    [Theory, MemberData(nameof(Names))]
    public void AveragePrecisionAndBrierScore_AnyList_AreScikitLearns(string name)
    {
        var reference = Find(name);

        Assert.Equal(reference.AveragePrecision, AveragePrecision.Compute(reference.LabelBytes, reference.Scores)!.Value, Close);
        Assert.Equal(reference.BrierScore, BrierScore.Compute(reference.LabelBytes, reference.Scores)!.Value, Close);
    }

    [Theory, MemberData(nameof(Names))]
    public void ConfusionMatrix_AnyList_CountsAsScikitLearn(string name)
    {
        var reference = Find(name);
        var matrix = ConfusionMatrix.At(reference.LabelBytes, reference.Scores, reference.Threshold);

        Assert.Equal(reference.Confusion, new[] { matrix.TruePositives, matrix.FalsePositives, matrix.TrueNegatives, matrix.FalseNegatives });
    }

    private static Reference Find(string name) => s_references.Single(reference => reference.Name == name);

    private sealed class Reference
    {
        public required string Name { get; init; }
        public required int[] Labels { get; init; }
        public byte[] LabelBytes => [.. Labels.Select(label => (byte)label)];
        public required double[] Scores { get; init; }
        public required double Threshold { get; init; }
        public required double[][] Roc { get; init; }
        public required double Auroc { get; init; }
        public required double[]? Interval { get; init; }
        public required double AveragePrecision { get; init; }
        public required double BrierScore { get; init; }
        public required int[] Confusion { get; init; }
    }
}
