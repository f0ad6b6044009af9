using System.Text.Json;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Randomness;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Training;

/// <summary>The same numbers as PyTorch, from networks and optimizers written out a second time in Python (tests/references/write_training.py).</summary>
public sealed class PyTorchTrainingTests
{
    private const double Relative = 1e-4;

    private static readonly Dictionary<string, Reference> s_references = JsonSerializer.Deserialize<Reference[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Training", "training.json")), LabJson.Line)!.ToDictionary(reference => reference.Name);

    public static TheoryData<string> Names => [.. s_references.Keys];

    [Theory, MemberData(nameof(Names))]
    public void TenUpdates_SameWeights_AgreeWithPyTorch(string name)
    {
        var reference = s_references[name];
        var hyperparameters = reference.Hyperparameters;
        var spec = NetworkSpec.Find(reference.Network).With(hyperparameters);
        using var scope = NewDisposeScope();
        using var network = new LabNetwork(spec, hyperparameters.Seed);
        using var descent = new OptimizerUpdate(network, hyperparameters);
        using var criterion = new TrainingLoss(hyperparameters.LabelSmoothing, reference.ClassWeights, CPU);
        var images = Images(reference.Side, hyperparameters.BatchSize);
        var labels = tensor(reference.Labels);

        Assert.Equal(reference.Parameters, spec.Parameters);
        Assert.Equal(reference.Parameters, network.parameters().Sum(parameter => parameter.numel()));
        AssertClose(reference.Logits, network.call(images), "logits");

        for (var step = 1; step <= hyperparameters.Steps; step++)
        {
            using var each = NewDisposeScope();
            var dropout = spec.Dropout > 0 ? DropoutMask.Draw(hyperparameters.Seed, step, hyperparameters.BatchSize, spec.MapChannels, spec.Dropout, CPU) : null;
            network.train();
            descent.ZeroGradients();
            var loss = criterion.Of(network.Logits(images, dropout), labels);
            loss.backward();
            if (step == 1)
            {
                foreach (var (parameter, weight) in network.named_parameters()) AssertClose(reference.Gradients[parameter], weight.grad!, $"gradient of {parameter}");
            }
            descent.Step(step);

            Assert.Equal(reference.Rates[step - 1], hyperparameters.LearningRateAt(step), Relative * hyperparameters.LearningRate);
            Assert.Equal(reference.Losses[step - 1], loss.item<float>(), Relative * reference.Losses[step - 1]);
        }

        network.eval();
        AssertClose(reference.LogitsAfter, network.call(images), "logits afterwards");
        var weights = network.WeightsByName();
        Assert.Equal(reference.Weights.Keys.Order(), weights.Keys.Order());
        foreach (var (key, expected) in reference.Weights) AssertClose(expected, weights[key], key);
    }

    /// <returns>The images of the Python script: (N, 1, S, S), standardised.</returns>
    private static Tensor Images(int side, int count)
    {
        var random = new StableRandom(7, RandomUse.Order);
        var pixels = new byte[count * side * side];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(random.Next() >> 56);
        return ImagePreparation.Standardise(tensor(pixels, [count, side, side]), side);
    }

    /// <summary>Within 1e-4 of the largest number: a single logit or weight may be as good as 0.</summary>
    private static void AssertClose(double[] expected, Tensor actual, string what)
    {
        var values = actual.detach().flatten().data<float>().ToArray();
        var reach = Relative * expected.Max(Math.Abs);
        Assert.True(expected.Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= reach), $"{what}: {string.Join(", ", values)}, not {string.Join(", ", expected)}.");
    }

    private static void AssertClose(Sample expected, Tensor actual, string what)
    {
        var values = actual.detach().flatten().to(ScalarType.Float64).data<double>().ToArray();
        var length = Math.Sqrt(values.Sum(value => value * value));
        Assert.True(Math.Abs(length - expected.Length) <= Relative * expected.Length + 1e-7, $"{what} has length {length}, not {expected.Length}.");
        foreach (var (one, value) in expected.First.Zip(values))
            Assert.True(Math.Abs(one - value) <= Relative * Math.Max(Math.Abs(one), expected.Length / Math.Sqrt(values.Length)) + 1e-7, $"{what} has {value}, not {one}.");
    }

    private sealed record Sample(double[] First, double Length);

    private sealed record Reference(
        string Name, string Network, Hyperparameters Hyperparameters, float[]? ClassWeights, int Side, long[] Labels, long Parameters, double[] Logits,
        double[] Rates, double[] Losses, Dictionary<string, Sample> Gradients, Dictionary<string, Sample> Weights, double[] LogitsAfter);
}
