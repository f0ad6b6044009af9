using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class CalibrationTests
{
    [Fact]
    public void Compute_TwoTenths_ComparesWhatWasSaidWithWhatWasThere()
    {
        var calibration = Calibration.Compute([0, 0, 1, 1, 1], [0.12, 0.16, 0.14, 0.85, 0.89]);

        Assert.Equal([(0.1, 3, 1), (0.8, 2, 2)], calibration.Bins.Select(bin => (bin.From, bin.Count, bin.Positives)));
        Assert.Equal((0.58 + 0.26) / 5, calibration.ExpectedError!.Value, 1e-12);       // 3 · |0.14 - 1/3| + 2 · |0.87 - 1|
    }

    [Fact]
    public void Compute_NoImages_IsUndefined()
    {
        var calibration = Calibration.Compute([], []);

        Assert.Empty(calibration.Bins);
        Assert.Null(calibration.ExpectedError);
    }

    [Fact]
    public void Compute_OneClass_IsDefinedAllTheSame() => Assert.Equal(0.3, Calibration.Compute([0, 0], [0.2, 0.4]).ExpectedError!.Value, 1e-12);

    [Fact]
    public void Compute_LogitInsteadOfProbability_IsRefused() =>
        Assert.Contains("Probability 0", Assert.Throws<ArgumentException>(() => Calibration.Compute([0], [-0.2])).Message);

    [Property]
    public bool Compute_AnyProbabilities_ErrLessThanOneAndHoldEveryImageOnce((bool Sick, ushort Said)[] images)
    {
        byte[] labels = [.. images.Select(image => image.Sick ? (byte)1 : (byte)0)];
        var calibration = Calibration.Compute(labels, [.. images.Select(image => image.Said / 65535.0)]);

        return calibration.Bins.Sum(bin => bin.Count) == images.Length
            && calibration.Bins.All(bin => bin.From <= bin.MeanProbability && bin.MeanProbability <= bin.To + 1e-12)
            && (images.Length == 0 ? calibration.ExpectedError is null : calibration.ExpectedError is >= 0 and <= 1);
    }

    /// <summary>Where every tenth holds as many positives as it says, nothing is to be corrected.</summary>
    [Property]
    public bool Compute_SharesAsSaid_HasNoError(byte hundreds)
    {
        int count = 10 * (1 + hundreds % 20), positives = count / 10 * (hundreds % 11);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i < positives ? 1 : 0))];
        return Calibration.Compute(labels, [.. labels.Select(_ => (double)positives / count)]).ExpectedError < 1e-12;
    }
}
