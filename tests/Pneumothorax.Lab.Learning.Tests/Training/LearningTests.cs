using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class LearningTests(PhantomSet phantoms)
{
    [Fact]
    public void EightImages_SixtySteps_AreLearntByHeart()
    {
        var split = phantoms.Dataset[SplitName.Train];
        var rows = Enumerable.Range(0, split.Count).Where(row => split.HasPneumothorax(row)).Take(4)
            .Concat(Enumerable.Range(0, split.Count).Where(row => !split.HasPneumothorax(row)).Take(4)).ToArray();
        var spec = PhantomSet.Tiny with { Blocks = [new(8, 5), new(16, 5), new(24, 3), new(32, 3)] };
        using var network = new LabNetwork(spec, seed: 1);
        using var descent = new OptimizerUpdate(network, new() { LearningRate = 0.005 });
        using var images = new BatchLoader(split, DatasetManifest.Side, CPU);
        var order = new EpochSampler(1, rows);

        var loss = double.NaN;
        for (var step = 1; step <= 60; step++)
        {
            using var scope = NewDisposeScope();
            var (pixels, labels) = images.Batch(order.Batch(step, rows.Length));
            descent.ZeroGradients();
            var now = nn.functional.cross_entropy(network.call(ImagePreparation.Standardise(pixels, spec.InputSize)), labels);
            now.backward();
            descent.Step(step);
            loss = now.item<float>();
        }

        Assert.True(loss < 0.2, $"The loss ended at {loss}.");
    }
}
