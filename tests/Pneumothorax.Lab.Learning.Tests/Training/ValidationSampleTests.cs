using FsCheck;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class ValidationSampleTests(PhantomSet phantoms)
{
    [Property]
    public bool Choose_FewImages_TakesAll(bool[] positive) =>
        positive.Length > 100 || ValidationSample.Choose(positive).SequenceEqual(Enumerable.Range(0, positive.Length).Select(row => (long)row));

    [Property]
    public bool Choose_ManyImages_TakesAHundredWithTheSplitsOwnShare(PositiveInt sick, PositiveInt well)
    {
        bool[] positive = [.. Enumerable.Repeat(true, 60 + sick.Get), .. Enumerable.Repeat(false, 60 + well.Get)];
        var rows = ValidationSample.Choose(positive);
        var share = 100.0 * (60 + sick.Get) / positive.Length;

        return rows.Distinct().Count() == 100 && Math.Abs(rows.Count(row => positive[row]) - share) <= 0.5 && rows.SequenceEqual(rows.Order());
    }

    [Theory, InlineData(1, 5000), InlineData(5000, 1)]
    public void Choose_OneImageOfAClass_IsAmongThem(int sick, int well)
    {
        bool[] positive = [.. Enumerable.Repeat(true, sick), .. Enumerable.Repeat(false, well)];

        Assert.Equal(2, ValidationSample.Choose(positive).Select(row => positive[row]).Distinct().Count());
    }

    [Fact]
    public void Choose_OneClassOnly_StillTakesAHundred() => Assert.Equal(100, ValidationSample.Choose(new bool[500]).Length);

    [Fact]
    public void Measure_NetworkWhoseReLUsNeverFire_IsSilent()
    {
        var split = phantoms.Dataset[SplitName.Validation];
        using var sample = new ValidationSample(split, new(split, DatasetManifest.Side, CPU));
        using var network = new LabNetwork(PhantomSet.Tiny, seed: 1);

        var alive = sample.Measure(network);
        using (no_grad()) network.WeightsByName()["blocks.3.first.weight"].zero_();
        using (no_grad()) network.WeightsByName()["blocks.3.second.bias"].fill_(-1);
        var dead = sample.Measure(network);

        Assert.False(alive.IsSilent);
        Assert.True(dead.IsSilent);
        Assert.Equal(Math.Log(2), dead.Loss, 1e-6);
        Assert.Equal(0.5, dead.Auroc);
    }
}
